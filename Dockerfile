# One static binary on an empty image: no shell, no libc, nothing to patch.
# The same image is every house; compose.yaml says which.

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /out/jpkimock .
# The folders that an empty image lacks: a volume takes over the owner of the
# folder that it is mounted on.
RUN mkdir -p /out/data /out/tmp && chmod 1777 /out/tmp

FROM scratch
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build /out/tmp /tmp
COPY --from=build /out/jpkimock /jpkimock
USER 65532:65532
VOLUME /data
ENV JPKIMOCK_DATA=/data JPKIMOCK_LISTEN=0.0.0.0
EXPOSE 8080-8089
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s \
    CMD ["/jpkimock", "health", "http://127.0.0.1:8080"]
ENTRYPOINT ["/jpkimock"]
CMD ["up"]
