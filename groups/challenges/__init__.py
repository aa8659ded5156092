"""After a result is declared: saying that something went wrong, two who decide about it, and the result that is final or falls."""
