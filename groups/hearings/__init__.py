"""One group's committee for disputes helps another's: somebody who comes to a panel, and matters brought past one's own."""
