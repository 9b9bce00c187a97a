# `make test` on a fresh machine installs what the tests need and runs them all.
# `make help` lists the rest.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# One set of build tags for build, vet, staticcheck and test: every other set
# compiles SQLite again. With the system's SQLite nothing is compiled at all.
# Looked up when used, because setup may have just installed it.
TAGS ?= $(if $(shell ls /usr/include/sqlite3.h 2>/dev/null),libsqlite3)
# The race detector needs a C compiler.
RACE ?= $(if $(shell command -v cc),-race)

GO       ?= go
PACKAGES ?= ./...
TIMEOUT  ?= 20m
# How many stories go on at once: each waits for its browser half of the time.
STORIES  ?= 4
BINARY   ?= jpkimock
FUZZTIME ?= 10s

# A test runs with its temporary files in memory where there is room.
gotest = $(GO) test -vet=off -exec '$(CURDIR)/.ci/in-memory' -tags '$(TAGS)'
unit_packages = $(shell $(GO) list -tags '$(TAGS)' $(PACKAGES) | grep -v '/e2e$$')
# What shares memory between goroutines imports sync, in its code or in its tests. The suites
# of conformance ask one case after another; their own servers alone take turns.
raced_packages = $(shell $(GO) list -tags '$(TAGS)' -f '{{.ImportPath}} {{join .Imports " "}} {{join .TestImports " "}} {{join .XTestImports " "}}' $(PACKAGES) | \
  grep -E ' sync(/atomic)?( |$$)' | cut -d ' ' -f 1 | grep -v -e '/e2e$$' -e '/internal/conform')
# Tests that no second caller disturbs: without the detector, each a fraction of its time.
plain_packages = $(filter-out $(filter-out %/internal/ecosystem,$(raced_packages)),$(unit_packages))

.PHONY: help
help: ## lists what there is to make
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | column -t -s $$'\t'

# The browser comes over the network while the machine compiles.
.PHONY: test
test: ## installs what the tests need, then runs every check and every test
	@e2e/setup.sh compile
	@e2e/setup.sh programs
	@mkdir -p e2e/out; \
	e2e/setup.sh browser >e2e/out/setup.log 2>&1 & setup=$$!; \
	trap 'kill $$setup 2>/dev/null || true' EXIT; \
	$(MAKE) --no-print-directory lint build static unit; \
	wait $$setup || { cat e2e/out/setup.log >&2; exit 1; }; \
	trap - EXIT; \
	$(MAKE) --no-print-directory e2e

.PHONY: setup
setup: ## installs what the tests need, and nothing else
	e2e/setup.sh compile
	e2e/setup.sh programs
	e2e/setup.sh browser

.PHONY: lint
lint: ## gofmt, go vet, staticcheck, and the plan of the house (internal/archtest)
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { printf 'not gofmt-ed:\n%s\n' "$$unformatted" >&2; exit 1; }
	$(GO) vet -tags '$(TAGS)' $(PACKAGES)
	$(GO) tool staticcheck -tags '$(TAGS)' $(PACKAGES)
	$(GO) test -vet=off -tags '$(TAGS)' ./internal/archtest

.PHONY: build
build: ## compiles everything
	$(GO) build -tags '$(TAGS)' $(PACKAGES)

.PHONY: unit
unit: ## every test but those in a browser, with the race detector where goroutines share memory
	@$(MAKE) --no-print-directory $(if $(RACE),unit-race unit-plain,unit-all)

.PHONY: unit-race
unit-race: ## the tests of what shares memory between goroutines, with the race detector
	@$(gotest) $(RACE) -timeout $(TIMEOUT) $(raced_packages)

# The detector makes each of a hundred thousand requests cost fifteen times as much: two
# of the raced packages send only some of them there.
.PHONY: unit-plain
unit-plain: ## the other tests, and those that send too much for the race detector
	@$(gotest) -timeout $(TIMEOUT) $(plain_packages)
	@$(gotest) -timeout $(TIMEOUT) -run '^TestNothingAcknowledgedIsLost$$' ./authority/web

.PHONY: unit-all
unit-all: ## every test but those in a browser, without the race detector
	@$(gotest) -timeout $(TIMEOUT) $(unit_packages)

.PHONY: e2e
e2e: ## the stories in a browser (after make setup)
	$(gotest) -timeout $(TIMEOUT) -parallel $(STORIES) ./e2e/

.PHONY: static
static: ## one static binary, without a C compiler, in ./jpkimock
	CGO_ENABLED=0 $(GO) build -ldflags '-s -w' -o $(BINARY) .

.PHONY: screenshots
screenshots: ## every story, with a picture of every page in e2e/out
	E2E_PICTURES=true $(gotest) -timeout $(TIMEOUT) -parallel $(STORIES) -count 1 ./e2e/

.PHONY: images
images: ## the pictures of the stage, the set, the clinic and the portal in docs/images, from their stories
	E2E_PICTURES=true $(GO) test -vet=off -tags '$(TAGS)' -timeout $(TIMEOUT) -count 1 -run '^(TestAnEveningBeforeTheSet|TestEveryPageBesideTheSet)$$/^(sakurako|ja)$$' ./e2e/
	E2E_PICTURES=true $(GO) test -vet=off -tags '$(TAGS)' -timeout $(TIMEOUT) -count 1 -run '^(TestTaroPaysAtTheHospital|TestTaroGetsHisMedicine|TestHanakoMovesEveryAddressWithOneSignature)$$' ./e2e/
	E2E_PICTURES=true $(GO) test -vet=off -tags '$(TAGS)' -timeout $(TIMEOUT) -count 1 -run '^(TestAPresenterPlaysEveryStory|TestAStoryFillsTheProjector)$$' ./e2e/
	@for picture in comparison:1920x1080 step:1280x720 present:1280x720 handout:1280x720; do \
	  cp "e2e/out/faces/stage-$${picture%:*}-ja-$${picture#*:}.png" "docs/images/stage-$${picture%:*}.png"; \
	done
	@for picture in home:home-known pin:card-pin consent:platform-consent chart:chart week:week; do \
	  cp "e2e/out/tv/$${picture#*:}-ja-1280x720.png" "docs/images/tv-$${picture%:*}.png"; \
	done
	@cp e2e/out/pages/catv-contract-ja-1920x1080.png docs/images/tv-operator.png
	@cp e2e/out/faces/payment-paid-ja-1280x720.png docs/images/medical-paid.png
	@cp e2e/out/faces/rx-laid-ja-1280x720.png docs/images/medical-pharmacy.png
	@cp e2e/out/pages/payment-receipt-ja-1920x1080.png docs/images/medical-receipt.png
	@for picture in result box; do cp "e2e/out/pages/portal-$$picture-ja-1920x1080.png" "docs/images/portal-$$picture.png"; done

.PHONY: bench
bench: ## every benchmark, without the tests
	$(GO) test -vet=off -tags '$(TAGS)' -timeout 20m -run '^$$' -bench . -benchmem $(unit_packages)

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (10s)
	TAGS='$(TAGS)' .ci/fuzz $(FUZZTIME) $(PACKAGES)

.PHONY: run
run: ## the whole world on this machine, forgotten at the end
	$(GO) run -tags '$(TAGS)' . --ephemeral

.PHONY: clean
clean: ## removes what was made here
	rm -rf $(BINARY) e2e/out
