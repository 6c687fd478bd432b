# Threadline without the demo, with PostgreSQL and language models; runs as nobody in particular.
FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/threadline
COPY requirements-server.lock .
RUN /opt/threadline/bin/pip install --require-hashes -r requirements-server.lock
COPY pyproject.toml requirements-build.lock README.md LICENSE NOTICE CHANGELOG.md ./
COPY bot bot
COPY cogs cogs
COPY config config
RUN python -m venv /tmp/build \
    && /tmp/build/bin/pip install --require-hashes -r requirements-build.lock \
    && /tmp/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheels . \
    && /opt/threadline/bin/pip install --no-deps /tmp/wheels/*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --home-dir /data --shell /usr/sbin/nologin threadline \
    && install -d -o threadline -g threadline /data
COPY --from=build /opt/threadline /opt/threadline
ENV PATH=/opt/threadline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    THREADLINE_DATABASE_URL=sqlite:////data/threadline.sqlite3 \
    THREADLINE_LOG__FORMAT=json \
    THREADLINE_METRICS__HOST=0.0.0.0 \
    THREADLINE_METRICS__PORT=9464
USER threadline
# Settings are read from config/bot.yaml in here; the token comes from the environment.
WORKDIR /data
VOLUME /data
# Reachable from the container's own network; publish it to nobody.
EXPOSE 9464
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:9464/healthz', timeout=5)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["threadline"]
CMD ["run"]
