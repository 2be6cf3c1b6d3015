#include "fer/check/check_page.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <vector>

#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/report/data_page.h"
#include "fer/report/short_name.h"
#include "fer/report/today.h"
#include "fer/tensors/face_images.h"

namespace fer::check {

namespace {

constexpr std::size_t kShown = 48;      // faces of a kind
constexpr std::size_t kEqualNamed = 4;  // of a group of equal images

report::DataFace face_of(const data::FaceSet& set, std::int64_t row) {
  report::DataFace face;
  face.pixels = tensors::faces_of(set.images.block(row, 1).contiguous());
  face.label = static_cast<std::size_t>(set.labels[row].item<std::int64_t>());
  const auto split = static_cast<data::Split>(set.splits[row].item<std::uint8_t>());
  face.where = report::short_name(set.name_of(row));
  if (split != data::Split::none) face.where += ", " + std::string(data::split_name(split));
  return face;
}

std::vector<report::DataFace> faces_of(const data::FaceSet& set,
                                       const std::vector<std::int64_t>& rows) {
  std::vector<report::DataFace> faces;
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
    faces.push_back(face_of(set, rows[i]));
  }
  return faces;
}

std::vector<Faces> mean_faces(const data::FaceSet& set) {
  std::vector<Faces> faces(set.label_set.size());
  for (std::size_t c = 0; c < faces.size(); ++c) {
    const at::Tensor rows = set.labels.eq(static_cast<std::int64_t>(c)).nonzero().squeeze(1);
    if (rows.numel() == 0) continue;
    at::Tensor sum = at::zeros(tensors::sizes_of(set.images.format(), 1),
                               at::kLong);  // exact, for any blocks
    set.images.select(rows).each_block(
        [&](std::int64_t, const at::Tensor& block) { sum += block.sum(0, true, at::kLong); });
    const at::Tensor mean =
        sum.to(at::kDouble).div(static_cast<double>(rows.numel())).round().to(at::kByte);
    faces[c] = tensors::faces_of(mean.contiguous());
  }
  return faces;
}

std::vector<report::EqualFaces> equal_faces(const data::FaceSet& set,
                                            const data::DataCheck& check) {
  std::vector<const data::DuplicateGroup*> groups;
  for (const data::DuplicateGroup& group : check.duplicates) groups.push_back(&group);
  const auto harm = [](const data::DuplicateGroup* group) {
    return (group->labels_differ ? 2 : 0) + (group->crosses_splits ? 1 : 0);
  };
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const auto* a, const auto* b) { return harm(a) > harm(b); });
  groups.resize(std::min(groups.size(), kShown));
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  std::vector<report::EqualFaces> all;
  for (const data::DuplicateGroup* group : groups) {
    report::EqualFaces& equal = all.emplace_back();
    equal.count = static_cast<std::int64_t>(group->rows.size());
    equal.crosses_splits = group->crosses_splits;
    equal.labels_differ = group->labels_differ;
    // Images with another label than the first one come early, so that every label is among the few
    // images that are named.
    std::vector<std::int64_t> rows = group->rows;
    std::stable_partition(rows.begin() + 1, rows.end(),
                          [&](std::int64_t row) { return labels[row] != labels[rows.front()]; });
    rows.resize(std::min(rows.size(), kEqualNamed));
    for (const std::int64_t row : rows) equal.faces.push_back(face_of(set, row));
  }
  return all;
}

std::vector<report::Notice> notices_of(const data::DataCheck& check) {
  std::vector<report::Notice> notices;
  const auto tell = [&](std::int64_t count, report::Severity severity, const std::string& some,
                        const std::string& none) {
    notices.push_back(count > 0 ? report::Notice{severity, some + grouped(count)}
                                : report::Notice{report::Severity::good, none});
  };
  if (check.splits.size() > 1) {
    tell(check.leaked_images, report::Severity::serious,
         "Images of val or test that are in train, too, which makes accuracies on them too good: ",
         "No image of val or test is in train, pixel for pixel.");
  }
  tell(check.contradicting_images, report::Severity::warning,
       "Images with an equal one of another label, so that no network can be right on both: ",
       "Equal images have equal labels.");
  tell(static_cast<std::int64_t>(check.blank_rows.size()), report::Severity::warning,
       "Blank images, whose labels can only be learnt by heart: ", "No image is blank.");
  for (const data::SplitCounts& split : check.splits) {
    if (split.published.empty()) continue;
    notices.push_back(
        {split.matches_published ? report::Severity::good : report::Severity::warning,
         std::string(data::split_name(split.split)) +
             (split.matches_published ? " has FER2013's published counts."
                                      : " has not quite FER2013's published counts.")});
  }
  return notices;
}

report::ShownDoubts shown_doubts(const data::FaceSet& set, const DataStudy& study) {
  report::ShownDoubts doubts;
  doubts.folds = kDoubtFolds;
  doubts.accuracy = study.doubts.accuracy;
  const std::vector<metrics::SuspectLabel>& suspects = study.doubts.found->suspects;
  doubts.doubted = static_cast<std::int64_t>(suspects.size());
  doubts.surely_doubted =
      std::count_if(suspects.begin(), suspects.end(), [](const metrics::SuspectLabel& suspect) {
        return suspect.probability_of_suggested >= report::kSurelyDoubted;
      });
  doubts.joint = study.doubts.found->joint;
  for (std::size_t i = 0; i < std::min(suspects.size(), kShown); ++i) {
    const metrics::SuspectLabel& suspect = suspects[i];
    doubts.labels.push_back({face_of(set, static_cast<std::int64_t>(suspect.row)),
                             suspect.suggested, suspect.probability_of_label,
                             suspect.probability_of_suggested});
  }
  return doubts;
}

report::ShownWithoutFace shown_without_face(const data::FaceSet& set, const DataStudy& study) {
  report::ShownWithoutFace shown;
  shown.detector = study.without_face->detector;
  shown.looked_at = study.searched;
  shown.count = static_cast<std::int64_t>(study.without_face->rows.size());
  shown.faces = faces_of(set, study.without_face->rows);
  return shown;
}

}  // namespace

std::filesystem::path write_check_page(const data::FaceSet& set, const data::DataCheck& check,
                                       const DataStudy& study, const std::filesystem::path& folder,
                                       bool images) {
  report::DataPage page;
  page.source = report::short_source(set.source);
  page.fingerprint = set.fingerprint();
  page.date = report::today();
  page.version = std::string("fer-data ") + version();
  page.labels = set.label_set;
  for (const data::SplitCounts& split : check.splits) {
    page.splits.push_back({std::string(data::split_name(split.split)), split.per_class});
  }
  page.notices = notices_of(check);
  page.mean_faces = mean_faces(set);
  page.duplicate_images = check.duplicate_images;
  page.leaked_images = check.leaked_images;
  page.contradicting_images = check.contradicting_images;
  page.blank_images = static_cast<std::int64_t>(check.blank_rows.size());
  page.duplicates = equal_faces(set, check);
  page.duplicate_groups = static_cast<std::int64_t>(check.duplicates.size());
  page.blank = faces_of(set, check.blank_rows);
  if (study.doubts.found) page.doubts = shown_doubts(set, study);
  if (study.without_face) page.without_face = shown_without_face(set, study);
  page.card = {{"labels in doubt", study.doubts.note},
               {"images without a face", study.search_note}};
  page.no_images = !images;
  return report::write_data_report(folder, page);
}

}  // namespace fer::check
