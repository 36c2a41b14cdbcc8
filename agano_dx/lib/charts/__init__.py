"""Chart geometry: numbers and labels in, shapes out. Templates in templates/charts/ draw them."""
