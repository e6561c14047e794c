# Hindcast. "make" lists what there is.

GO      ?= go
BIN     := bin/hindcast
ADDR    ?= 127.0.0.1:8080
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
FUZZTIME ?= 60s

# Tests are compiled as the program is, so that what they share is compiled once.
FLAGS   := -trimpath -tags grpcnotrace -pgo=cmd/hindcast/hindcast.pgo
assets build test: export CGO_ENABLED = 0

.PHONY: help run sample assets build installed test check lint vuln race fuzz bench profile clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: build ## serve the demo on http://127.0.0.1:8080, or where ADDR says
	$(BIN) serve --demo --addr $(ADDR) --data bin/demo

sample: build ## draft post-mortems of the sample incidents on the command line
	@tools/demo $(BIN)

assets: ## build the scripts of the pages; without npm pages work as plain HTML
	@tools/npm
	@if [ -d tools/assets/node_modules ]; then $(GO) run $(FLAGS) ./tools/assets; else echo "WARNING: the scripts of the pages are not built; pages work as plain HTML" >&2; fi

build: assets ## build bin/hindcast
	@mkdir -p bin
	$(GO) build $(FLAGS) -ldflags='-s -w -X github.com/hindcast/hindcast/internal/cli.release=$(VERSION)' -o $(BIN) ./cmd/hindcast

installed: # what the tests use beside Go and Node
	@tools/setup

test: build installed ## vet everything and run every test, the longest first
	tools/inmemory $(GO) test $(FLAGS) -vet=all -timeout 20m ./internal/web/browsertest ./tools/trial ./...

check: lint test race ## what a change must pass: lint, tests, race tests

lint: ## gofmt, vet, staticcheck, errcheck, tsc and misspell, with no findings
	@tools/npm
	@tools/lint/run $(GO)

vuln: ## look for known vulnerabilities in dependencies and Go
	@tools/vuln/run $(GO)

race: ## race tests of the packages that run things at the same time
	$(GO) test -race ./internal/collab ./internal/evidence ./internal/lsp ./internal/outhttp ./internal/queue ./internal/timeline/collect ./internal/timeline/template

fuzz: ## run each fuzz target for FUZZTIME (60s)
	@tools/fuzz $(GO) $(FUZZTIME)

bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...

profile: ## measure again what the compiler optimizes the program for
	@tools/profile $(GO)

clean: ## remove what was built
	rm -rf bin
