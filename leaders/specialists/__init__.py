"""Specialists: who they are on a day, who may become one, what is to be expected."""

from leaders.specialists.candidates import Candidate, candidates, profile, routes_on
from leaders.specialists.confided import is_asked, latest_wishes, noted, wishes_beside, wishes_of
from leaders.specialists.office import Stay, stay_of, stays
from leaders.specialists.outlook import BandOutlook, KnownChange, LikelyRise, Outlook, outlook
from leaders.specialists.table import Designated, bands, designated, designated_places

__all__ = [
    "BandOutlook",
    "Candidate",
    "Designated",
    "KnownChange",
    "LikelyRise",
    "Outlook",
    "Stay",
    "bands",
    "candidates",
    "designated",
    "designated_places",
    "is_asked",
    "latest_wishes",
    "noted",
    "outlook",
    "profile",
    "routes_on",
    "stay_of",
    "stays",
    "wishes_beside",
    "wishes_of",
]
