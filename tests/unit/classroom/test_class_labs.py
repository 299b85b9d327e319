"""What every lab of a class has otherwise than the default one."""

from dataclasses import replace

from labctl.features.lifecycle.lab import lab_from
from labctl.model import DEFAULT_LAB, Definition, Healthcheck
from tests.unit.definitions import definition


def with_health() -> Definition:
    whole = definition()
    alpha = replace(whole.services["alpha"], healthcheck=Healthcheck(("CMD", "probe", "7/tcp"), 300.0))
    return replace(whole, services={**whole.services, "alpha": alpha})


def test_a_class_of_labs_pays_for_no_health_checks_but_is_asked_the_same() -> None:
    alone, of_class = (
        lab_from(with_health(), name, (), "net").definition.services["alpha"] for name in (DEFAULT_LAB, "ana")
    )
    assert alone.healthcheck is not None and of_class.healthcheck is not None
    assert alone.healthcheck.interval_s == 300.0
    assert of_class.healthcheck.interval_s >= 24 * 3600
    assert of_class.probes == alone.probes == ("7/tcp",)
