// `fer-data export`: writes a data set as folders of PNGs, as FER2013's CSV, or as PNGs with COCO's
// JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fer/commands/common_options.h"
#include "fer/commands/console.h"
#include "fer/data/data_options.h"

namespace fer::commands {

enum class FaceSetFormat { png, csv, coco };
std::span<const std::string_view> choice_names(FaceSetFormat);

struct DataExportOptions {
  CommonOptions common;
  data::DataOptions data;
  FaceSetFormat format = FaceSetFormat::png;
  std::string output = "faces";  // of csv, ".csv" is added where it has no ending
  std::string detector = "none";

  void visit(OptionVisitor& visitor);
  // @throws fer::Error for a detector with a format without boxes.
  void validate() const;
};

// png: writes OUTPUT/train|val|test/CLASS/NNNNNN.png, or OUTPUT/CLASS/NNNNNN.png for a set without
// splits; NNNNNN is the image's row in the set. coco: as png, and
// OUTPUT/annotations/instances_SPLIT.json (data/coco_json.h). csv: the file OUTPUT
// (data/fer2013_csv_writer.h). The readers of folders and CSVs give the same images back. Returns
// the exit code: 0, or 130 if it was interrupted; files that were written stay. @throws fer::Error
// for whatever a user can cause, such as an existing OUTPUT.
int run_data_export(const DataExportOptions& options, Console& console);

}  // namespace fer::commands
