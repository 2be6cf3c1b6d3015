#include "fer/check/check_json.h"

#include <nlohmann/json.hpp>

#include "fer/core/text.h"

namespace fer::check {

using nlohmann::json;

namespace {

// The rows of these images in the file, also if rows were left out.
json rows_in_file(const data::FaceSet& set, std::vector<std::int64_t> images) {
  for (std::int64_t& image : images) image = set.row_of(image);
  return images;
}

}  // namespace

json check_json(const data::DataCheck& check, const data::FaceSet& set) {
  json splits = json::object();
  for (const data::SplitCounts& split : check.splits) {
    json& entry = splits[std::string(data::split_name(split.split))];
    entry["total"] = split.total;
    for (std::size_t label = 0; label < check.label_set.size(); ++label) {
      entry["per_class"][check.label_set.name(label)] = split.per_class[label];
    }
    if (!split.published.empty()) entry["matches_published_counts"] = split.matches_published;
  }
  json groups = json::array();
  for (const data::DuplicateGroup& group : check.duplicates) {
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

void add_study(const DataStudy& study, const data::FaceSet& set, json& findings) {
  if (study.doubts.found) {
    json& doubted = findings["doubted_labels"] = json::array();
    for (const metrics::SuspectLabel& suspect : study.doubts.found->suspects) {
      doubted.push_back({{"row", set.row_of(suspect.row)},
                         {"name", set.name_of(suspect.row)},
                         {"label", set.label_set.name(suspect.label)},
                         {"suggested", set.label_set.name(suspect.suggested)},
                         {"probability_of_label", suspect.probability_of_label},
                         {"probability_of_suggested", suspect.probability_of_suggested}});
    }
    findings["doubting_networks_accuracy"] = study.doubts.accuracy;
  }
  if (study.without_face) {
    findings["faceless_rows"] = rows_in_file(set, study.without_face->rows);
    findings["faceless_detector"] = study.without_face->detector;
  }
}

}  // namespace fer::check
