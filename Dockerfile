# Web, worker and timer are the same image with different commands: see docker-compose.yml.

FROM node:24-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim-bookworm AS build
WORKDIR /app
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt
COPY . .
COPY --from=frontend /app/node_modules node_modules
RUN /venv/bin/python -m safeguarding.embedded.frontend copy --node-modules node_modules --target frontend \
    && rm -rf node_modules \
    && STATIC_ROOT=/app/collected FRONTEND_DIR=/app/frontend /venv/bin/python -m safeguarding.embedded.static_files

FROM python:3.13-slim-bookworm
# What WeasyPrint draws PDF files with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin safeguarding
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=safeguarding.settings \
    STATIC_ROOT=/app/collected \
    FRONTEND_DIR=/app/frontend \
    WEB_CONCURRENCY=2 \
    PORT=8000
USER safeguarding
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
    CMD ["python", "-m", "safeguarding.embedded.health"]
CMD ["gunicorn", "safeguarding.wsgi:application", "--bind", "0.0.0.0:8000", "--threads", "4", "--no-control-socket"]
