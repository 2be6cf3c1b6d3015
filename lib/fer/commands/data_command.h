// What fer-data does: `check` and `synth`.
#pragma once

#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"

namespace fer {

struct DataCheckOptions {
  CommonOptions common;
  DataOptions data;
  std::string json;  // a file, or - for stdout

  void visit(OptionVisitor& visitor);
};

struct DataSynthOptions {
  CommonOptions common;
  std::string output = "synthetic-faces";
  std::int64_t count = 70;
  std::string sheet;

  void visit(OptionVisitor& visitor);
};

// Both @throw fer::Error for whatever a user can cause, and return the exit code.
int run_data_check(const DataCheckOptions& options, Console& console);
int run_data_synth(const DataSynthOptions& options, Console& console);

}  // namespace fer
