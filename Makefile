# showx. `make demo` sets everything up and opens the console; `make check` sets everything up and passes the tests.
#   make / make all          build build/showx                 make check-ROOM   one room's tests (check-base, check-store ...)
#   make bench|fuzz|lint|format|install|clean                  SAN=address|thread|undefined  with that sanitizer, in its own folder
PREFIX ?= /usr/local
SAN    ?=
B      ?= build$(if $(SAN),-$(SAN))
CC     ?= gcc
CFLAGS ?= -O2 -g
WARN    = -Wall -Wextra -Wshadow -Wconversion -Wpedantic -Wvla -Wstrict-prototypes -Wmissing-prototypes
ROOMS   = base catalog store city demand tour legacy migrate plan demo command ui
PURE    = city demand tour legacy
FUZZ    = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
comma  := ,
SANFLAGS = $(if $(SAN),-fsanitize=$(if $(filter address,$(SAN)),address$(comma)undefined,$(SAN)) -fno-omit-frame-pointer -fno-sanitize-recover=all)
once     = $(eval $(1) := $(2))$($(1))
PKGS     = ncursesw libpq readline sqlite3 jansson libutf8proc inih libcurl
PKG_C    = $(call once,PKG_C,$(shell pkg-config --cflags $(PKGS) check))
PKG_L    = $(call once,PKG_L,-Wl$(comma)--as-needed $(shell pkg-config --libs $(PKGS)) -lm -pthread)
CHECK_L  = $(call once,CHECK_L,$(shell pkg-config --libs check))
COMPILE  = @mkdir -p $(@D); $(CC) -std=c17 -D_GNU_SOURCE -Isrc -Itests $(WARN) $(CFLAGS) $(SANFLAGS) -pthread $(PKG_C) -MMD -MP -c -o $@ $<
LINK     = @mkdir -p $(@D); $(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group
SETUP    = @.ci/setup

all: $(B)/showx

$(B)/obj/%.o: src/%.c ; $(COMPILE)
$(B)/obj/tests/%.o: tests/%.c ; $(COMPILE)
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)

# views/, queries/, migrations/ and the gazetteer travel inside the program.
EMBED = $(wildcard views/*.view queries/*.sql migrations/*/*.sql src/city/*.tsv)
$(B)/embed: src/catalog/embed.c ; @mkdir -p $(@D); $(CC) -std=c17 -D_GNU_SOURCE -O1 -o $@ $<
$(B)/embedded.c: $(B)/embed $(EMBED) views queries migrations/schema migrations/models ; @$(B)/embed $(EMBED) >$@.new && mv $@.new $@
$(B)/obj/embedded.o: $(B)/embedded.c ; $(COMPILE)

# A room is an archive; its tests link it and what it may know, so that a broken room breaks only its own.
# tests/schema and tests/queries are suites without a room of their own.
KNOWS_base    = base
KNOWS_catalog = catalog base
KNOWS_store   = store catalog base
KNOWS_city    = city base
KNOWS_demand  = demand base
KNOWS_tour    = tour base
KNOWS_plan    = plan tour demand city store catalog base
KNOWS_legacy  = legacy base
KNOWS_migrate = migrate demo store legacy catalog base
KNOWS_demo    = demo legacy catalog base
KNOWS_command = $(filter-out ui,$(ROOMS))
KNOWS_ui      = $(ROOMS)
KNOWS_schema  = store catalog base
KNOWS_queries = $(filter-out ui,$(ROOMS))
KNOWS_e2e     = demo legacy catalog base
KNOWS_bench   = tour city base
SUITES        = $(filter $(notdir $(wildcard tests/*)),$(ROOMS) schema queries e2e)
define ROOM
$(B)/lib/$(1).a: $(patsubst src/%.c,$(B)/obj/%.o,$(filter-out %/embed.c,$(wildcard src/$(1)/*.c))) ; @mkdir -p $$(@D); rm -f $$@; ar rcs $$@ $$^
endef
define SUITE
$(B)/tests/$(1): $(patsubst tests/%.c,$(B)/obj/tests/%.o,$(wildcard tests/$(1)/*.c tests/support/*.c)) $(B)/obj/embedded.o $(KNOWS_$(1):%=$(B)/lib/%.a)
	$$(LINK) $$(CHECK_L) $$(PKG_L)
check-$(1): $(B)/tests/$(1) $(if $(filter command e2e,$(1)),$(B)/showx) ; @SHOWX=$(B)/showx tests/run $(B)/tests/$(1)
endef
$(foreach r,$(ROOMS),$(eval $(call ROOM,$(r))))
$(foreach s,$(SUITES) bench,$(eval $(call SUITE,$(s))))

$(B)/showx: $(B)/obj/main.o $(B)/obj/embedded.o $(ROOMS:%=$(B)/lib/%.a) ; $(LINK) $(PKG_L)

demo: ; $(SETUP) && $(MAKE) -j2 all && $(B)/showx demo
check: ; $(SETUP) check && $(MAKE) -j2 all tests && $(MAKE) layers && SHOWX=$(B)/showx tests/run $(SUITES:%=$(B)/tests/%) $(FUZZ:%=$(B)/fuzz/%) tests/screens/run
sanitized: all $(SUITES:%=$(B)/tests/%) ; @SHOWX=$(B)/showx tests/run $(SUITES:%=$(B)/tests/%)
tests: $(SUITES:%=$(B)/tests/%) $(FUZZ:%=$(B)/fuzz/%)
bench: all $(B)/tests/bench ; @tests/bench/run $(B)

# Fuzz targets: a plain program over its seeds inside `make check`; with libFuzzer as main, tests/fuzz/run builds and runs them.
FUZZ_MAIN = $(B)/obj/tests/fuzz/replay.o
$(B)/fuzz/%: $(B)/obj/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(B)/obj/embedded.o $(KNOWS_command:%=$(B)/lib/%.a) ; $(LINK) $(PKG_L)
fuzz: ; @$(SETUP) && FUZZ_DIR=$(B)-fuzz tests/fuzz/run $(or $(SECONDS_EACH),60)

# The layers, proved twice: by what is included, and by linking each pure room with base alone; the old database's room
# with libcurl too, which tests/layers lets one file of it see.
PURE_L_legacy = libcurl
define PURE_LINK
@echo 'int main(void){return 0;}' | $(CC) $(SANFLAGS) -o $(B)/pure-$(1) -x c - -x none -Wl,--whole-archive $(B)/lib/$(1).a -Wl,--no-whole-archive $(B)/lib/base.a $$(pkg-config --libs libutf8proc $(PURE_L_$(1))) -lm -pthread && echo "pass  layers: src/$(1) links with base$(PURE_L_$(1):%= and %) alone"

endef
layers: $(PURE:%=$(B)/lib/%.a) $(B)/lib/base.a
	@tests/layers
	$(foreach r,$(PURE),$(call PURE_LINK,$(r)))
lint: layers ; @tests/lint
format: ; clang-format -i $$(git ls-files '*.c' '*.h')

install: all
	install -D -m755 $(B)/showx $(DESTDIR)$(PREFIX)/bin/showx
	for m in man/*.[1-8]; do install -D -m644 $$m $(DESTDIR)$(PREFIX)/share/man/man$${m##*.}/$${m##*/}; done
clean: ; rm -rf build build-*
.SECONDARY:
.PHONY: all demo check tests bench fuzz layers lint format install clean $(SUITES:%=check-%)
