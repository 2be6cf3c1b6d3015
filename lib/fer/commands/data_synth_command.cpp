#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "fer/commands/data_command.h"
#include "fer/commands/option_checks.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/synthetic_set.h"
#include "fer/report/contact_sheet.h"
#include "fer/report/png_bytes.h"

namespace fer::commands {

void DataSynthOptions::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.field(
      Field("output", "Folder to write CLASS/NUMBER.png into; an existing folder is an error")
          .folder()
          .essential()
          .needed(),
      output);
  visitor.field(Field("count", "Number of faces to draw; the classes take turns")
                    .essential()
                    .range(1, 1'000'000),
                count);
  visitor.field(
      Field("sheet", "Also write all faces to this .png file, in seven columns").file().essential(),
      sheet);
  common.visit(visitor, {});
}

void DataSynthOptions::validate() const {
  constexpr std::int64_t kMostOnSheet = 2'000;  // a picture has at most 32,767 rows
  if (sheet.empty()) return;
  check_png_name("sheet", sheet);
  if (count > kMostOnSheet) {
    throw OptionError("sheet", "takes at most " + grouped(kMostOnSheet) + " faces; " +
                                   option("count") + " is " + grouped(count));
  }
}

int run_data_synth(const DataSynthOptions& options, Console& console) {
  options.validate();
  if (path_exists(options.output)) {
    throw OptionError("output", options.output, "already exists; nothing is overwritten");
  }
  if (!options.sheet.empty()) check_writable(options.sheet);
  const LabelSet& labels = LabelSet::fer2013();
  const std::vector<FacePixels> faces = data::draw_synthetic_faces(options.count);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "%06zu.png", i);
    report::write_grey_png(
        std::filesystem::path(options.output) / labels.name(i % labels.size()) / name, faces[i],
        kFaceSide, kFaceSide);
  }
  if (!options.sheet.empty()) {
    const report::GreyPicture sheet =
        report::contact_sheet(faces, {.columns = labels.size(), .zoom = 2});
    report::write_grey_png(options.sheet, sheet.pixels, sheet.width, sheet.height);
  }
  console.info(grouped(options.count) + " synthetic faces written");
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
