"""The WSGI callable gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agano_dx.settings")

application = get_wsgi_application()
