#include "fer/commands/data_command.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "fer/commands/data_report.h"
#include "fer/commands/exit_code.h"
#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/json_text.h"
#include "fer/core/text.h"
#include "fer/data/data_check.h"
#include "fer/data/open_data.h"
#include "fer/data/packed_file.h"
#include "fer/data/synthetic_set.h"
#include "fer/report/contact_sheet.h"
#include "fer/report/png_bytes.h"
#include "fer/report/report_folder.h"

namespace fer {

void DataCheckOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(Field("json",
                      "Write the findings as JSON to this file; - writes them to stdout, and "
                      "nothing else")
                    .file()
                    .essential()
                    .not_recorded(),
                json);
  visitor.field(Field("report",
                      "Write an HTML page into this folder: counts, mean faces, equal and blank "
                      "images, labels worth a second look, images without a face")
                    .folder()
                    .essential()
                    .not_recorded(),
                report);
  visitor.field(
      Field("images", "Show faces in the report").only_with("report").essential().not_recorded(),
      images);
  visitor.field(Field("doubts",
                      "Train small networks to find labels worth a second look; needs 300 images "
                      "or more, and takes a minute or two for FER2013 on two cores")
                    .only_with("report")
                    .essential(),
                doubts);
  visitor.field(Field("detector", "Face detector that looks for images without a face")
                    .only_with("report")
                    .one_of({"auto", "yunet", "centerface", "haar", "none"}),
                detector);
  common.visit(visitor);
}

void DataSynthOptions::visit(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.field(Field("output", "Folder to write CLASS/NUMBER.png into; it must not exist")
                    .folder()
                    .essential()
                    .needed(),
                output);
  visitor.field(Field("count", "Number of faces to draw; the classes take turns")
                    .essential()
                    .range(1, 1'000'000),
                count);
  visitor.field(
      Field("sheet", "Write all faces also as one PNG with seven columns").file().essential(),
      sheet);
  common.visit(visitor);
}

void DataPackOptions::visit(OptionVisitor& visitor) {
  data.visit_sets(visitor);
  visitor.group("Output");
  visitor.field(Field("output", "File to write, which --data then takes; it must not exist")
                    .file()
                    .essential()
                    .needed(),
                output);
  common.visit(visitor);
}

namespace {

using nlohmann::json;

constexpr std::size_t kColumn = 10;

std::string counts_table(const DataCheck& check) {
  std::string table = pad_left("class", 12);
  for (const SplitCounts& split : check.splits) {
    table += pad_left(std::string(split_name(split.split)), kColumn);
  }
  table += '\n';
  for (std::size_t label = 0; label < check.label_set.size(); ++label) {
    table += pad_left(check.label_set.name(label), 12);
    for (const SplitCounts& split : check.splits) {
      table += pad_left(grouped(split.per_class[label]), kColumn);
    }
    table += '\n';
  }
  table += pad_left("all", 12);
  for (const SplitCounts& split : check.splits) table += pad_left(grouped(split.total), kColumn);
  return table + '\n';
}

std::string published_text(const DataCheck& check) {
  std::string text;
  for (const SplitCounts& split : check.splits) {
    if (split.published.empty()) continue;
    const std::string name(split_name(split.split));
    if (split.matches_published) {
      text += name + ": the counts are those published for FER2013\n";
      continue;
    }
    text += name + ": not FER2013's published counts (";
    std::vector<std::string> differences;
    for (std::size_t label = 0; label < split.published.size(); ++label) {
      if (split.published[label] == split.per_class[label]) continue;
      differences.push_back(check.label_set.name(label) + " " + grouped(split.per_class[label]) +
                            " for " + grouped(split.published[label]));
    }
    text += join(differences, ", ") + ")\n";
  }
  return text;
}

std::string findings_text(const DataCheck& check) {
  const auto line = [](std::int64_t count, const char* what) {
    return pad_left(grouped(count), kColumn) + "  " + what + '\n';
  };
  return line(check.duplicate_images, "images have an exact duplicate") +
         line(check.leaked_images, "val or test images are also in train") +
         line(check.contradicting_images, "images have a duplicate with another label") +
         line(static_cast<std::int64_t>(check.blank_rows.size()), "images are blank");
}

// Where these images stand in the file, whatever was left out of it.
json rows_in_file(const FaceSet& set, std::vector<std::int64_t> images) {
  for (std::int64_t& image : images) image = set.row_of(image);
  return images;
}

json check_json(const DataCheck& check, const FaceSet& set) {
  json splits = json::object();
  for (const SplitCounts& split : check.splits) {
    json& entry = splits[std::string(split_name(split.split))];
    entry["total"] = split.total;
    for (std::size_t label = 0; label < check.label_set.size(); ++label) {
      entry["per_class"][check.label_set.name(label)] = split.per_class[label];
    }
    if (!split.published.empty()) entry["matches_published_counts"] = split.matches_published;
  }
  json groups = json::array();
  for (const DuplicateGroup& group : check.duplicates) {
    groups.push_back({{"rows", rows_in_file(set, group.rows)},
                      {"crosses_splits", group.crosses_splits},
                      {"labels_differ", group.labels_differ}});
  }
  return {{"data", set.source},
          {"fingerprint", set.fingerprint()},
          {"splits", splits},
          {"duplicate_images", check.duplicate_images},
          {"leaked_images", check.leaked_images},
          {"contradicting_images", check.contradicting_images},
          {"blank_rows", rows_in_file(set, check.blank_rows)},
          {"duplicates", groups}};
}

// What --report found, in full: the page shows the first of each.
void add_study(const DataStudy& study, const FaceSet& set, json& findings) {
  if (study.doubts) {
    json& doubted = findings["doubted_labels"] = json::array();
    for (const SuspectLabel& suspect : study.doubts->suspects) {
      doubted.push_back({{"row", set.row_of(suspect.row)},
                         {"name", set.name_of(suspect.row)},
                         {"label", set.label_set.name(suspect.label)},
                         {"suggested", set.label_set.name(suspect.suggested)},
                         {"probability_of_label", suspect.probability_of_label},
                         {"probability_of_suggested", suspect.probability_of_suggested}});
    }
    findings["doubting_networks_accuracy"] = study.accuracy;
  }
  if (study.faces) {
    findings["faceless_rows"] = rows_in_file(set, study.faces->without);
    findings["faceless_detector"] = study.faces->detector;
  }
}

// Before anything is written: pictures of more than 32,767 rows cannot be.
void check_sheet(const DataSynthOptions& options) {
  constexpr std::int64_t kMostOnSheet = 2'000;
  if (options.sheet.empty()) return;
  if (to_lower(std::filesystem::path(options.sheet).extension().string()) != ".png") {
    throw Error("--sheet " + options.sheet + ": is written as .png");
  }
  if (options.count > kMostOnSheet) {
    throw Error("--sheet: takes at most " + grouped(kMostOnSheet) + " faces; --count is " +
                grouped(options.count));
  }
}

}  // namespace

int run_data_check(const DataCheckOptions& options, Console& console) {
  if (!options.report.empty()) check_report_folder(options.report);
  if (!options.json.empty() && options.json != "-") check_writable(options.json);
  // As it is: with a hold-out the counts would not be the data's own.
  const OpenedData opened = read_data(options.data, options.common.thread_count());
  for (const std::string& note : opened.notes) console.info(note);
  const DataCheck check = check_data(opened.set);
  json findings = check_json(check, opened.set);
  if (!options.report.empty()) {
    const auto study = study_data(opened.set, options, console);
    if (!study) {
      console.warn("interrupted: no report is written");
      return kExitInterrupted;
    }
    add_study(*study, opened.set, findings);
    write_data_page(opened.set, check, *study, options, console);
  }
  if (options.json == "-") {
    console.results() << json_text(findings, 2) << '\n';
    return 0;
  }
  if (!options.json.empty()) write_file(options.json, json_text(findings, 2) + "\n");
  console.results() << opened.set.source << ", fingerprint " << opened.set.fingerprint() << "\n\n"
                    << counts_table(check) << '\n'
                    << findings_text(check) << '\n'
                    << published_text(check);
  return 0;
}

int run_data_synth(const DataSynthOptions& options, Console& console) {
  check_sheet(options);
  if (std::filesystem::exists(options.output)) {
    throw Error("--output " + options.output + ": is already there; nothing is overwritten");
  }
  const LabelSet& labels = LabelSet::fer2013();
  const std::vector<FacePixels> faces = draw_synthetic_faces(options.count);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    char name[32];
    std::snprintf(name, sizeof(name), "%06zu.png", i);
    write_grey_png(std::filesystem::path(options.output) / labels.name(i % labels.size()) / name,
                   faces[i], kFaceSide, kFaceSide);
  }
  if (!options.sheet.empty()) {
    const GreyPicture sheet = contact_sheet(faces, {.columns = labels.size(), .zoom = 2});
    write_grey_png(options.sheet, sheet.pixels, sheet.width, sheet.height);
  }
  console.info(grouped(options.count) + " synthetic faces written");
  console.results() << options.output << '\n';
  return 0;
}

int run_data_pack(const DataPackOptions& options, Console& console) {
  if (std::filesystem::exists(options.output)) {
    throw Error("--output " + options.output + ": is already there; nothing is overwritten");
  }
  check_writable(options.output);
  const OpenedData opened = read_data(options.data, options.common.thread_count());
  for (const std::string& note : opened.notes) console.info(note);
  write_packed_file(options.output, opened.set);
  console.info(opened.set.source + ": packed " + opened.set.describe_splits() +
               (opened.set.votes.defined() ? ", with FER+ votes" : ""));
  console.results() << options.output << '\n';
  return 0;
}

}  // namespace fer
