#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "fer/commands/data_command.h"
#include "fer/commands/exit_code.h"
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
      Field(
          "output",
          "Folder to write CLASS/NUMBER.png into, or a .safetensors file to pack at least 70 faces "
          "into, with splits; what exists already is an error")
          .folder("PATH")
          .essential()
          .needed(),
      output);
  visitor.field(Field("count", "Number of faces to draw; the classes take turns")
                    .essential()
                    .range(1, 100'000'000),
                count);
  visitor.field(Field("image_size", "Side of the faces, which are drawn at 48 pixels and scaled")
                    .in("pixels")
                    .range(kLeastFaceSide, kMostFaceSide),
                image_size);
  visitor.field(Field("colour", "Colours of the faces; auto means grey"), colour);
  visitor.field(
      Field("sheet", "Also write all faces to this .png file, in seven columns").file().essential(),
      sheet);
  common.visit(visitor, {.threads = true});
}

namespace {

bool is_packed_name(const std::string& output) {
  return to_lower(std::filesystem::path(output).extension().string()) == ".safetensors";
}

}  // namespace

void DataSynthOptions::validate() const {
  constexpr std::int64_t kMostOnSheet = 2'000;  // a picture has at most 32,767 rows
  if (sheet.empty()) return;
  check_png_name("sheet", sheet);
  if (is_packed_name(output)) {
    throw OptionError("sheet", sheet, "is of a folder, not of a packed file");
  }
  if (count > kMostOnSheet) {
    throw OptionError("sheet", "takes at most " + grouped(kMostOnSheet) + " faces; " +
                                   option("count") + " is " + grouped(count));
  }
}

namespace {

int pack_faces(const DataSynthOptions& options, Console& console) {
  DataPackOptions pack;
  pack.common = options.common;
  pack.data.data = {"synthetic:" + std::to_string(options.count)};
  pack.data.image_size = options.image_size;
  pack.data.colour = options.colour;
  pack.output = options.output;
  return run_data_pack(pack, console);
}

}  // namespace

int run_data_synth(const DataSynthOptions& options, Console& console) {
  options.validate();
  if (is_packed_name(options.output)) return pack_faces(options, console);
  if (path_exists(options.output)) {
    throw OptionError("output", options.output, "already exists; nothing is overwritten");
  }
  if (!options.sheet.empty()) check_writable(options.sheet);
  const LabelSet& labels = LabelSet::fer2013();
  data::DataOptions wanted;
  wanted.image_size = options.image_size;
  wanted.colour = options.colour;
  const FaceFormat format = wanted.face_format();
  std::vector<std::uint8_t> faces;  // for the sheet
  for (std::int64_t i = 0; i < options.count; ++i) {
    if (console.stop_requested().load()) {
      console.warn("interrupted: " + options.output + " has " + grouped(i) + " of " +
                   grouped(options.count) + " faces");
      return kExitInterrupted;
    }
    const std::vector<std::uint8_t> face = data::draw_synthetic_face_number(i, format);
    char name[32];
    std::snprintf(name, sizeof(name), "%06lld.png", static_cast<long long>(i));
    const std::size_t label = static_cast<std::size_t>(i) % labels.size();
    report::write_face_png(std::filesystem::path(options.output) / labels.name(label) / name,
                           {face, format});
    if (!options.sheet.empty()) faces.insert(faces.end(), face.begin(), face.end());
  }
  if (!options.sheet.empty()) {
    const report::SheetPicture sheet =
        report::contact_sheet(FacesView(faces, format), {.columns = labels.size(), .zoom = 2});
    report::write_png(options.sheet, sheet.pixels, sheet.width, sheet.height, sheet.channels);
  }
  console.info(grouped(options.count) + " synthetic faces written");
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer::commands
