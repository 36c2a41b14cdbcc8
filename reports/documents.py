"""Figures as the commands' JSON, whose shape is a contract."""

from typing import Any

from reports.progress import SHOWN_CATEGORIES, Progress


def progress_document(figures: Progress) -> dict[str, Any]:
    """The document of `progress --format json`.

    `share` is capable/population, not shortened: "109/428".
    """
    total = figures.total
    return {
        "as_of": figures.as_of.isoformat(),
        "population": total.population,
        "capable": total.capable,
        "share": f"{total.capable}/{total.population}",
        "completed": {str(name): total.completed(name) for name in SHOWN_CATEGORIES},
        "excluded": {
            "employment": figures.excluded.employment,
            "duty": figures.excluded.duty,
        },
        "targets": [
            {
                "fiscal_year": target.fiscal_year.label,
                "due": target.due.isoformat(),
                "fraction": f"{target.fraction.numerator}/{target.fraction.denominator}",
                "needed": target.needed,
                "status": target.status,
            }
            for target in figures.targets
        ],
        "executives": {
            "population": figures.executives.population,
            "completed_this_year": figures.executives.completed_this_year,
        },
        "leaders": {
            "sitting": figures.leaders.sitting,
            "completed_person_terms": figures.leaders.completed_person_terms,
            "people": figures.leaders.people,
            "departments_covered": [unit.code for unit in figures.leaders.covered],
            "departments_without": [unit.code for unit in figures.leaders.without],
        },
        "specialists": {
            str(band.band): {
                "count": band.count,
                "minimum": band.minimum,
                "maximum": band.maximum,
            }
            for band in figures.specialists
        },
        "departments": {
            unit.unit.code: {
                "population": unit.counts.population,
                "capable": unit.counts.capable,
                **{str(name): unit.counts.completed(name) for name in SHOWN_CATEGORIES},
            }
            for unit in figures.units
        },
    }
