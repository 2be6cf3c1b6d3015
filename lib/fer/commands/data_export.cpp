#include "fer/commands/data_export.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "fer/check/face_boxes.h"
#include "fer/commands/exit_code.h"
#include "fer/commands/export_pictures.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/data/coco_json.h"
#include "fer/data/fer2013_csv_writer.h"
#include "fer/data/open_data.h"
#include "fer/detect/detector_names.h"

namespace fer::commands {

std::span<const std::string_view> choice_names(FaceSetFormat) {
  static constexpr std::string_view kNames[] = {"png", "csv", "coco"};
  return kNames;
}

void DataExportOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(Field("format",
                      "png: a folder of PNGs; csv: FER2013's CSV as Kaggle has it; coco: the PNGs, "
                      "and COCO's JSON with a box for each face")
                    .essential(),
                format);
  visitor.field(
      Field(
          "output",
          "Folder to write SPLIT/CLASS/NUMBER.png into, or CLASS/NUMBER.png for a set "
          "without splits; with \"format\" csv the file, whose name gets the ending .csv where it "
          "has none. What exists already is an error")
          .folder("PATH")
          .essential()
          .needed(),
      output);
  visitor.field(Field("detector", "Face detector that gives the boxes; none takes the whole image")
                    .one_of(detect::detector_names())
                    .only_with("format", {"coco"}),
                detector);
  common.visit(visitor, {.threads = true});
}

void DataExportOptions::validate() const {
  if (detector != "none" && format != FaceSetFormat::coco) {
    throw OptionError("detector", detector,
                      "is for " + option("format") + " coco, which has boxes");
  }
}

namespace {

namespace fs = std::filesystem;

int interrupted(const fs::path& output, std::int64_t written, std::int64_t all, Console& console) {
  console.warn("interrupted: " + output.string() + " has " + grouped(written) + " of " +
               grouped(all) + " images");
  return kExitInterrupted;
}

// Writes COCO's JSON beside the pictures, a file for each split.
void write_annotations(const data::FaceSet& set, const fs::path& output,
                       const std::vector<std::optional<data::FaceBox>>& boxes) {
  const auto file_of = [&](std::int64_t row) { return picture_path(set, row).string(); };
  for (const auto split :
       {data::Split::train, data::Split::val, data::Split::test, data::Split::none}) {
    if (!set.has(split)) continue;
    const std::string name =
        split == data::Split::none ? "" : "_" + std::string(data::split_name(split));
    write_file(output / "annotations" / ("instances" + name + ".json"),
               data::coco_json(set, split, file_of, boxes));
  }
}

void report_boxes(const std::vector<std::optional<data::FaceBox>>& boxes, Console& console) {
  const auto found =
      std::count_if(boxes.begin(), boxes.end(), [](const auto& box) { return box.has_value(); });
  const auto all = static_cast<std::int64_t>(boxes.size());
  if (all == 0) return;
  console.info("faces found in " + grouped(found) + " of " + grouped(all) +
               " images; the box of each of the others is the whole image, without a score");
}

int export_csv(const data::FaceSet& set, const fs::path& output, Console& console) {
  const WorkProgress work = export_progress();
  std::int64_t done = 0;
  const bool written = data::write_fer2013_csv(output, set, [&](std::int64_t rows) {
    done = rows;
    if (rows % kExportBatch != 0) return true;
    console.progress(work.at(rows, set.size()));
    return !console.stop_requested();
  });
  console.progress_done();
  if (!written) return interrupted(output, 0, set.size(), console);
  console.info(grouped(done) + " images written");
  return 0;
}

int export_folder(const data::FaceSet& set, const DataExportOptions& options,
                  const fs::path& output, Console& console) {
  check_class_names(set);
  std::vector<std::optional<data::FaceBox>> boxes;
  const bool coco = options.format == FaceSetFormat::coco;
  if (coco) boxes = check::face_boxes(set, options.detector, console, console.stop_requested());
  const std::int64_t written = write_pictures(set, output, options.common.thread_count(), console);
  if (written < set.size()) return interrupted(output, written, set.size(), console);
  if (coco) {
    write_annotations(set, output, boxes);
    report_boxes(boxes, console);
  }
  console.info(grouped(written) + " images written");
  return 0;
}

}  // namespace

int run_data_export(const DataExportOptions& options, Console& console) {
  options.validate();
  const bool csv = options.format == FaceSetFormat::csv;
  fs::path output = options.output;
  if (csv && !output.has_extension()) output += ".csv";
  if (path_exists(output)) {
    throw OptionError("output", output.string(), "already exists; nothing is overwritten");
  }
  check_writable(output.has_filename() ? output : output.parent_path());  // before the work
  const data::OpenedData opened = data::read_data(options.data, options.common.thread_count());
  for (const std::string& note : opened.notes) console.info(note);
  const data::FaceSet& set = opened.set;
  check_splits(set);
  const int code =
      csv ? export_csv(set, output, console) : export_folder(set, options, output, console);
  if (code == 0) console.results() << output.string() << '\n';
  return code;
}

}  // namespace fer::commands
