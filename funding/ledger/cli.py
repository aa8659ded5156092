"""The name under which operators ask for books; what they can ask is added by the folders above."""

import click


@click.group()
def book() -> None:
    """Groups' books."""
