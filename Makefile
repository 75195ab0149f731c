# Everything runs on Debian 12 with Swift 6.2 or later. What else is needed, `.ci/setup` installs
# (as root) or names.
#
#   make demo [ARGS="--json out.json"]   a city of seven nodes on this machine
#   make test                            the whole test suite
#   make bench [SECTION=sync] [STRICT=1] the figures of the README, one JSON line each
#   make slow-link                       real nodes across a slow, lossy line; one JSON object; root
#   make shows OF=city [LINE=3]          what an issue demands to be shown
#   make soak [MINUTES=60]               simulated cities from fresh seeds, without a failure
#   make mutants                         planted faults, which the simulator must catch
#   make proto | format | lint | dist | dist-check | clean

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := test
MAKEFLAGS += --no-print-directory --no-builtin-rules
.PHONY: demo test bench mutants slow-link soak shows proto format lint dist dist-check clean system \
  release

SWIFT ?= swift
OF ?= city
LINE ?=
SECTION ?= sync
CFLAGS := -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror

# The words are handed on as they were typed: neither make nor the shell expands anything in them.
export DEMO_ARGS := $(value ARGS)
unexport ARGS

# The programs' own output stays alone on stdout.
release: system
	@$(SWIFT) build -c release --product liandong >&2

system:
	@.ci/setup >&2

demo: release
	@words=(); \
	while IFS= read -r -d '' word; do words+=("$$word"); done \
	  < <(printf '%s' "$$DEMO_ARGS" | xargs -r printf '%s\0'); \
	wait $$! || { echo "demo: a quote in ARGS is not closed" >&2; exit 64; }; \
	exec "$$($(SWIFT) build -c release --show-bin-path)/liandong" demo "$${words[@]}"

# What keeps both cores busy for minutes, and what runs real nodes, would starve the other tests of
# their time limits: each runs by itself.
# The path of the crash shim goes to the tests by environment: they run real nodes under it.
SHIM ?= .bench/dropsync.so
test: export LIANDONG_DROPSYNC := $(abspath $(SHIM))
test: system
	@$(MAKE) "$(SHIM)"
	$(SWIFT) build --build-tests
	Tests/Crash/check.sh "$(abspath $(SHIM))"
	$(SWIFT) test --skip-build --skip '^(City|Simulation)Tests'
	$(SWIFT) test --skip-build --filter '^SimulationTests'
	$(SWIFT) test --skip-build --filter '^CityTests'

$(SHIM): Tests/Crash/dropsync.c
	@mkdir -p "$(@D)"
	$(CC) $(CFLAGS) -fPIC -shared -o "$@" $< -lsqlite3 -lpthread

.bench/floor: Benchmarks/Floor/floor.c
	@mkdir -p "$(@D)"
	@$(CC) $(CFLAGS) -o "$@" $< -lsqlite3 >&2

bench: release .bench/floor
	@$(SWIFT) build -c release --product Measure >&2
	@exec Benchmarks/bench.py --section "$(SECTION)" --floor .bench/floor \
	  --liandong "$$($(SWIFT) build -c release --show-bin-path)/liandong"

# Outside CI: half an hour, an hour at most.
slow-link: release
	@.ci/setup slow-link >&2
	@exec timeout --kill-after=20 3600 Tests/SlowLink/run.py \
	  --liandong "$$($(SWIFT) build -c release --show-bin-path)/liandong"

shows: system
	@[ -x "Tests/Shows/$(OF).sh" ] || { echo "shows: there is no list $(OF)" >&2; exit 64; }
	@exec "Tests/Shows/$(OF).sh" $(LINE)

# MINUTES of fresh seeds, or at least SEEDS of them, on all cores.
soak: release
	@export LIANDONG_REVISION="$$(git rev-parse --short=12 HEAD 2>/dev/null || true)"; \
	exec Tests/Soak/soak.py --liandong "$$($(SWIFT) build -c release --show-bin-path)/liandong" \
	  $(if $(SEEDS),--seeds $(SEEDS),--minutes $(or $(MINUTES),60)) \
	  $(if $(DETAILS),--details "$(DETAILS)")

mutants: system
	@exec Tests/Mutants/run.py $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

# Debian's protoc with the plugins of the packages that Package.swift names.
PLUGINS := .build-proto/debug
PROTO_OPTIONS := Visibility=Package,UseAccessLevelOnImports=true,FileNaming=DropPath
proto: $(PLUGINS)/protoc-gen-swift $(PLUGINS)/protoc-gen-grpc-swift-2
	@.ci/setup proto >&2
	rm -rf .build-proto/generated
	mkdir -p .build-proto/generated
	protoc -I Sources/Wire $$(find Sources/Wire -name '*.proto' | sort) \
	  --plugin=protoc-gen-swift=$(PLUGINS)/protoc-gen-swift \
	  --swift_out=.build-proto/generated --swift_opt=$(PROTO_OPTIONS) \
	  --plugin=protoc-gen-grpc-swift-2=$(PLUGINS)/protoc-gen-grpc-swift-2 \
	  --grpc-swift-2_out=.build-proto/generated --grpc-swift-2_opt=$(PROTO_OPTIONS)
	rm -rf Sources/Wire/Generated
	mv .build-proto/generated Sources/Wire/Generated

# Both come from one package, whose generator depends on the other one.
$(PLUGINS)/%:
	@[ -d .build/checkouts/grpc-swift-protobuf ] || $(SWIFT) package resolve
	$(SWIFT) build --package-path .build/checkouts/grpc-swift-protobuf \
	  --scratch-path .build-proto --product $*

# Generated code is nobody's style.
SOURCES = find Package.swift Sources Tests -name '*.swift' \
  ! -name '*.pb.swift' ! -name '*.grpc.swift' -print0
format:
	$(SOURCES) | xargs -0 $(SWIFT) format format --in-place --parallel --configuration .swift-format
lint:
	$(SOURCES) | xargs -0 $(SWIFT) format lint --strict --parallel --configuration .swift-format

dist: system
	@Benchmarks/dist.sh

# Starts the archive in a Debian without Swift; as root.
dist-check:
	@Tests/Dist/check.sh

clean:
	rm -rf .build .build-mutants .build-proto .build-dist .bench dist
