# How long `make fuzz` stays at each target.
FUZZTIME ?= 3m

# The packages with property tests, which `make fuzz` lets draw anew.
PROPERTIES = $(shell git grep -l '"pgregory.net/rapid"' -- '*_test.go' | xargs dirname | sort -u | sed 's|^|./|')

# How many contacts the campaign of three bad days has, in `make soak`.
CONTACTS ?= 10000

# How many contacts the campaigns have whose servers are killed, in `make soak`.
KILLED ?= 2000

# How many calls are in flight, and how many times their server is killed, in `make soak`.
CALLS ?= 1000
KILLS ?= 20

.PHONY: build test race lint fuzz bench cover soak

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
	go test -rapid.seed=0 -rapid.checks=1000 $(PROPERTIES)

bench:
	go test -run '^$$' -bench . -benchmem ./...

cover:
	.ci/cover

soak:
	.ci/postgres --sync go test ./cmd/talkgraph -run 'TestKill|TestTwoServers' -count 1 -v -timeout 60m -calls $(CALLS) -kills $(KILLS) -contacts $(KILLED) -faster 20
	.ci/postgres --sync go test ./cmd/talkgraph -run 'TestSoak|TestImport' -count 1 -v -timeout 60m -soak 10m -soak-calls 100 -soak-faster 1 -rows 200000
	TALKGRAPH_CAMPAIGN_CONTACTS=$(CONTACTS) go test ./internal/campaign -run TestLongCampaign -count 1 -v -timeout 60m
	go test -run '^$$' -bench 'Dispatch$$|Attempt' -benchtime 5000x ./benchmarks
