"""What every answer carries so that a browser keeps to itself what it was shown."""

from flask import Flask, Response, request, session

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
ERROR = 400
A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Put the headers on every answer, errors included."""

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if app.config["IS_HTTPS"]:
            response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-cache" if _is_for_everybody(app, response) else "no-store"
        return response


def _is_for_everybody(app: Flask, response: Response) -> bool:
    """A public page shown to somebody without a session. What stands behind a private link is nobody else's, also without one."""
    guard = getattr(app.view_functions.get(request.endpoint or ""), "guard", None)
    is_public = guard is not None and bool(guard.why)
    has_session = bool(request.cookies) or getattr(session, "modified", True)
    return (
        is_public and not has_session and request.method in {"GET", "HEAD"} and response.status_code < ERROR
    )
