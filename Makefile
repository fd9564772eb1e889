# How long `make fuzz` stays at each target.
FUZZTIME ?= 3m

.PHONY: build test race lint fuzz bench cover

build:
	go build -trimpath -o bin/ ./cmd/...

test:
	go test ./...

race:
	go test -race ./...

lint:
	.ci/lint

fuzz:
	.ci/fuzz $(FUZZTIME)

bench:
	go test -run '^$$' -bench . -benchmem ./...

cover:
	.ci/cover
