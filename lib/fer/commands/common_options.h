// Options of every program, and of several programs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fer/core/compute.h"
#include "fer/core/options.h"

namespace fer::commands {

// The options that a command reads. Others would have no effect and are not offered.
struct CommonUse {
  bool device = false;
  bool threads = false;
  bool seed = false;
};

// The lowest level that is shown.
enum class LogLevel { debug, info, warning, error };
std::span<const std::string_view> choice_names(LogLevel);

struct CommonOptions {
  std::string device = "auto";
  std::int64_t threads = 0;  // 0: all cores that this process may use
  std::int64_t seed = 0;
  LogLevel log_level = LogLevel::info;
  bool quiet = false;

  void visit(OptionVisitor& visitor, const CommonUse& use);
  int thread_count() const;  // with 0 resolved
  Compute compute() const { return {device, thread_count(), seed}; }
};

}  // namespace fer::commands
