#include "fer/check/check_text.h"

#include <vector>

#include "fer/core/display_text.h"
#include "fer/core/text.h"

namespace fer::check {

namespace {

constexpr std::size_t kColumn = 10;

std::string counts_table(const data::DataCheck& check) {
  std::string table = pad_left("class", 12);
  for (const data::SplitCounts& split : check.splits) {
    table += pad_left(std::string(data::split_name(split.split)), kColumn);
  }
  table += '\n';
  for (std::size_t label = 0; label < check.label_set.size(); ++label) {
    table += pad_left(check.label_set.name(label), 12);
    for (const data::SplitCounts& split : check.splits) {
      table += pad_left(grouped(split.per_class[label]), kColumn);
    }
    table += '\n';
  }
  table += pad_left("all", 12);
  for (const data::SplitCounts& split : check.splits)
    table += pad_left(grouped(split.total), kColumn);
  return table + '\n';
}

std::string published_text(const data::DataCheck& check) {
  std::string text;
  for (const data::SplitCounts& split : check.splits) {
    if (split.published.empty()) continue;
    const std::string name(data::split_name(split.split));
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

std::string findings_text(const data::DataCheck& check) {
  const auto line = [](std::int64_t count, const char* what) {
    return pad_left(grouped(count), kColumn) + "  " + what + '\n';
  };
  return line(check.duplicate_images, "images have an exact duplicate") +
         line(check.leaked_images, "val or test images are also in train") +
         line(check.contradicting_images, "images have a duplicate with another label") +
         line(static_cast<std::int64_t>(check.blank_rows.size()), "images are blank");
}

}  // namespace

std::string check_text(const data::DataCheck& check, const data::FaceSet& set) {
  return set.source + ", fingerprint " + set.fingerprint() + "\n\n" + counts_table(check) + "\n" +
         findings_text(check) + "\n" + published_text(check);
}

}  // namespace fer::check
