"""What a case tells those who look after the filtering: the address, the device, the group and the time."""

from incidents.forms.filtering_tickets import MetForm


class BreachForm(MetForm):
    """What the filter let through. Nothing else of the case is asked for, and nothing else is told."""
