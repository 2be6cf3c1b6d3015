// What `fer-data export` does: a data set becomes folders of PNGs.
#pragma once

#include <string>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"

namespace fer::commands {

struct DataExportOptions {
  CommonOptions common;
  data::DataOptions data;
  std::string output = "faces";

  void visit(OptionVisitor& visitor);
};

// Writes OUTPUT/train|val|test/CLASS/NNNNNN.png, or OUTPUT/CLASS/NNNNNN.png for a set without
// splits; NNNNNN is the image's row in the set. The reader of folders gives the same images back.
// Returns the exit code: 0, or 130 where it was interrupted, with what was written until then.
// @throws fer::Error for whatever a user can cause, an existing OUTPUT among it.
int run_data_export(const DataExportOptions& options, Console& console);

}  // namespace fer::commands
