"""Which admin site stands at /admin/."""

from django.contrib.admin.apps import AdminConfig


class MasterSiteConfig(AdminConfig):
    """Django's admin with our rights in front."""

    default_site = "staff.site.MasterSite"
