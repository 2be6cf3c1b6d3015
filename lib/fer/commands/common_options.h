// What every program takes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fer/core/compute.h"
#include "fer/core/options.h"

namespace fer::commands {

// The least that is shown.
enum class LogLevel { debug, info, warning, error };
std::span<const std::string_view> choice_names(LogLevel);

struct CommonOptions {
  std::string device = "auto";
  std::int64_t threads = 0;  // 0: one a core this process may use
  std::int64_t seed = 0;
  LogLevel log_level = LogLevel::info;
  bool quiet = false;

  void visit(OptionVisitor& visitor);
  void visit_on_cpu(OptionVisitor& visitor);  // of a program that uses no GPU: all but `device`
  int thread_count() const;                   // with 0 resolved
  Compute compute() const { return {device, thread_count(), seed}; }
};

}  // namespace fer::commands
