#include "fer/commands/common_options.h"

#include <ATen/Parallel.h>
#include <sched.h>

#include <nlohmann/json.hpp>

#include "fer/commands/engine.h"
#include "fer/core/error.h"
#include "support/catch.h"

namespace fer::commands {
namespace {

TEST_CASE("no number of threads means every core the process may run on", "[commands][unit]") {
  CommonOptions options;
  cpu_set_t cores;
  REQUIRE(sched_getaffinity(0, sizeof(cores), &cores) == 0);
  CHECK(options.thread_count() == CPU_COUNT(&cores));
  options.threads = 3;
  CHECK(options.thread_count() == 3);
}

TEST_CASE("no number of threads heeds that the process is tied to one core", "[commands][unit]") {
  cpu_set_t before;
  REQUIRE(sched_getaffinity(0, sizeof(before), &before) == 0);
  int core = 0;
  while (!CPU_ISSET(core, &before)) ++core;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  REQUIRE(sched_setaffinity(0, sizeof(one), &one) == 0);
  const int threads = CommonOptions().thread_count();
  REQUIRE(sched_setaffinity(0, sizeof(before), &before) == 0);
  CHECK(threads == 1);
}

TEST_CASE("setting up the process gives LibTorch the threads asked for", "[commands][unit]") {
  const Engine engine = torch_engine();
  CommonOptions options;
  for (const std::int64_t threads : {1, 2}) {
    options.threads = threads;
    engine.set_up(options);
    CHECK(at::get_num_threads() == threads);
  }
}

// All options, as a program with LibTorch offers them.
VisitOptions all_of(CommonOptions& options) {
  return [&options](OptionVisitor& visitor) {
    options.visit(visitor, {.device = true, .threads = true, .seed = true});
  };
}

TEST_CASE("a command offers only those common options that it reads", "[commands][unit]") {
  CommonOptions options;
  const auto names = [&](const CommonUse& use) {
    return option_names([&](OptionVisitor& visitor) { options.visit(visitor, use); });
  };
  CHECK(names({}) == std::vector<std::string>{"log_level", "quiet"});
  CHECK(names({.threads = true}) == std::vector<std::string>{"threads", "log_level", "quiet"});
}

TEST_CASE("common options out of range are errors that name them", "[commands][unit]") {
  using Catch::Matchers::ContainsSubstring;
  const auto rejects = [](const char* name, const nlohmann::json& value) {
    CAPTURE(name, value.dump());
    CommonOptions options;
    CHECK_THROWS_MATCHES(
        options_from_json({{name, value}}, all_of(options), "c.json"), Error,
        Catch::Matchers::MessageMatches(ContainsSubstring("c.json") && ContainsSubstring(name)));
  };
  rejects("threads", -1);
  rejects("threads", 5000);
  rejects("seed", -1);
  rejects("log_level", "loud");
  rejects("quiet", "yes");
}

TEST_CASE("how loud a run was is no part of its recipe; seed, threads and device are",
          "[commands][unit]") {
  CommonOptions options;
  const nlohmann::json recipe = options_to_json(all_of(options));
  CHECK(recipe == nlohmann::json({{"device", "auto"}, {"threads", 0}, {"seed", 0}}));
}

}  // namespace
}  // namespace fer::commands
