# Three stages: front end, Python packages, and the image that runs. Never built where it was written (no container
# engine there); each command was run by hand in a clean folder, see docs/operating.md.
FROM node:24-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts --omit=dev

FROM python:3.12-slim AS packages
RUN python -m venv /venv
COPY requirements/run.txt /build/run.txt
RUN /venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r /build/run.txt

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    TANDEM_VAR=/app/var \
    MEDIA_ROOT=/data/media \
    LISTEN=0.0.0.0 \
    PORT=8000
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin tandem \
    && mkdir -p /app /data/media \
    && chown tandem:tandem /app /data/media
WORKDIR /app
COPY --from=packages /venv /venv
COPY --chown=tandem:tandem . .
COPY --from=frontend /build/node_modules node_modules
USER tandem
# Building files reads no database, and the key signs nothing; neither stays in the image's environment.
RUN export SECRET_KEY=only-while-building DATABASE_URL=postgresql://none@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    && python manage.py build_frontend \
    && python manage.py messages compile \
    && python manage.py collectstatic --noinput --verbosity=0
EXPOSE 8000
VOLUME /data/media
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["./process", "web"]
