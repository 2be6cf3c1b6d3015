// The commands `check`, `synth`, `pack` and `merge` of fer-data, each in its own source file;
// `export` is in data_export.h.
#pragma once

#include <string>
#include <vector>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"

namespace fer::commands {

struct DataCheckOptions {
  CommonOptions common;
  data::DataOptions data;
  std::string json;    // a file, or - for stdout
  std::string report;  // a folder
  bool images = true;  // in the report
  bool doubts = true;  // doubtful labels in the report
  std::string detector = "auto";

  void visit(OptionVisitor& visitor);
};

struct DataSynthOptions {
  CommonOptions common;
  std::string output = "synthetic-faces";
  std::int64_t count = 70;
  std::int64_t image_size = kFaceSide;
  data::DataColour colour = data::DataColour::grey;
  std::string sheet;

  void visit(OptionVisitor& visitor);
  // @throws fer::OptionError for a sheet that cannot be written.
  void validate() const;
};

struct DataPackOptions {
  CommonOptions common;
  data::DataOptions data;
  std::string output = "faces.safetensors";
  bool shuffle = false;

  void visit(OptionVisitor& visitor);
};

struct DataMergeOptions {
  CommonOptions common;
  std::vector<std::string> parts;
  std::string output;  // empty: derived from the parts' names
  bool allow_missing = false;

  void visit(OptionVisitor& visitor);
};

// All @throw fer::Error for whatever a user can cause, and return the exit code.
int run_data_check(const DataCheckOptions& options, Console& console);
int run_data_synth(const DataSynthOptions& options, Console& console);
int run_data_pack(const DataPackOptions& options, Console& console);
int run_data_merge(const DataMergeOptions& options, Console& console);

}  // namespace fer::commands
