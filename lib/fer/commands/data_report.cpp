#include "fer/commands/data_report.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/data/equal_images.h"
#include "fer/report/data_page.h"
#include "fer/report/short_name.h"
#include "fer/report/today.h"
#include "fer/train/out_of_fold_predictions.h"

namespace fer {

namespace {

constexpr std::size_t kShown = 48;      // faces of a kind
constexpr std::size_t kEqualNamed = 4;  // of a group of equal images
constexpr std::int64_t kFolds = 3;
constexpr std::int64_t kLeastForDoubts = 300;  // fewer teach no network anything
constexpr std::int64_t kStepsBetweenNotices = 10;

DataFace face_of(const FaceSet& set, std::int64_t row) {
  DataFace face;
  const at::Tensor pixels = set.images[row].contiguous();
  std::copy_n(pixels.const_data_ptr<std::uint8_t>(), kFacePixels, face.pixels.begin());
  face.label = static_cast<std::size_t>(set.labels[row].item<std::int64_t>());
  const auto split = static_cast<Split>(set.splits[row].item<std::uint8_t>());
  face.where = short_name(set.name_of(row));
  if (split != Split::none) face.where += ", " + std::string(split_name(split));
  return face;
}

std::vector<DataFace> faces_of(const FaceSet& set, const std::vector<std::int64_t>& rows) {
  std::vector<DataFace> faces;
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i) {
    faces.push_back(face_of(set, rows[i]));
  }
  return faces;
}

std::vector<std::optional<FacePixels>> mean_faces(const FaceSet& set) {
  std::vector<std::optional<FacePixels>> faces(set.label_set.size());
  for (std::size_t c = 0; c < faces.size(); ++c) {
    const at::Tensor rows = set.labels.eq(static_cast<std::int64_t>(c)).nonzero().squeeze(1);
    if (rows.numel() == 0) continue;
    const at::Tensor mean =
        set.images.index_select(0, rows).mean(0, false, at::kDouble).round().to(at::kByte);
    FacePixels& pixels = faces[c].emplace();
    std::copy_n(mean.contiguous().const_data_ptr<std::uint8_t>(), kFacePixels, pixels.begin());
  }
  return faces;
}

std::vector<EqualFaces> equal_faces(const FaceSet& set, const DataCheck& check) {
  std::vector<const DuplicateGroup*> groups;
  for (const DuplicateGroup& group : check.duplicates) groups.push_back(&group);
  const auto harm = [](const DuplicateGroup* group) {
    return (group->labels_differ ? 2 : 0) + (group->crosses_splits ? 1 : 0);
  };
  std::stable_sort(groups.begin(), groups.end(),
                   [&](const auto* a, const auto* b) { return harm(a) > harm(b); });
  groups.resize(std::min(groups.size(), kShown));
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  std::vector<EqualFaces> all;
  for (const DuplicateGroup* group : groups) {
    EqualFaces& equal = all.emplace_back();
    equal.count = static_cast<std::int64_t>(group->rows.size());
    equal.crosses_splits = group->crosses_splits;
    equal.labels_differ = group->labels_differ;
    // One of each label has to be among the few that are named: others than the first's go before.
    std::vector<std::int64_t> rows = group->rows;
    std::stable_partition(rows.begin() + 1, rows.end(),
                          [&](std::int64_t row) { return labels[row] != labels[rows.front()]; });
    rows.resize(std::min(rows.size(), kEqualNamed));
    for (const std::int64_t row : rows) equal.faces.push_back(face_of(set, row));
  }
  return all;
}

std::vector<Notice> notices_of(const DataCheck& check) {
  std::vector<Notice> notices;
  const auto tell = [&](std::int64_t count, Severity severity, const std::string& some,
                        const std::string& none) {
    notices.push_back(count > 0 ? Notice{severity, some + grouped(count)}
                                : Notice{Severity::good, none});
  };
  if (check.splits.size() > 1) {
    tell(check.leaked_images, Severity::serious,
         "Images of val or test that are in train, too, which makes accuracies on them too good: ",
         "No image of val or test is in train, pixel for pixel.");
  }
  tell(check.contradicting_images, Severity::warning,
       "Images with an equal one of another label, so that no network can be right on both: ",
       "Equal images have equal labels.");
  tell(static_cast<std::int64_t>(check.blank_rows.size()), Severity::warning,
       "Blank images, whose labels can only be learnt by heart: ", "No image is blank.");
  for (const SplitCounts& split : check.splits) {
    if (split.published.empty()) continue;
    notices.push_back(
        {split.matches_published ? Severity::good : Severity::warning,
         std::string(split_name(split.split)) +
             (split.matches_published ? " has FER2013's published counts."
                                      : " has not quite FER2013's published counts.")});
  }
  return notices;
}

// Float32 [N,C]; undefined where it was interrupted.
at::Tensor predictions_of_others(const FaceSet& set, std::int64_t seed, Console& console) {
  const auto start = std::chrono::steady_clock::now();
  const TrainOptions recipe = short_recipe(set.size());
  const double images = static_cast<double>(recipe.batch_size * recipe.optimizer.accumulate);
  const at::Tensor probabilities = out_of_fold_predictions(
      set, kFolds, recipe, RandomStream(static_cast<std::uint64_t>(seed)).child("doubts"),
      console.stop_requested(), [&](std::int64_t done, std::int64_t all) {
        if (done % kStepsBetweenNotices != 0 && done != all) return;
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        const double rate = static_cast<double>(done) / std::max(seconds, 1e-9);
        console.progress({"doubting labels", done, all, rate * images, "images",
                          static_cast<double>(all - done) / rate, ""});
      });
  console.progress_done();
  return probabilities;
}

LabelDoubts shown_doubts(const FaceSet& set, const DataStudy& study) {
  LabelDoubts doubts;
  doubts.folds = kFolds;
  doubts.accuracy = study.accuracy;
  const std::vector<SuspectLabel>& suspects = study.doubts->suspects;
  doubts.doubted = static_cast<std::int64_t>(suspects.size());
  doubts.surely_doubted =
      std::count_if(suspects.begin(), suspects.end(), [](const SuspectLabel& suspect) {
        return suspect.probability_of_suggested >= kSurelyDoubted;
      });
  doubts.joint = study.doubts->joint;
  for (std::size_t i = 0; i < std::min(suspects.size(), kShown); ++i) {
    const SuspectLabel& suspect = suspects[i];
    doubts.labels.push_back({face_of(set, static_cast<std::int64_t>(suspect.row)),
                             suspect.suggested, suspect.probability_of_label,
                             suspect.probability_of_suggested});
  }
  return doubts;
}

// Copies counted once.
std::int64_t different_images(const FaceSet& set) {
  std::int64_t count = set.size();
  for (const std::vector<std::int64_t>& group : equal_images(set.images)) {
    count -= static_cast<std::int64_t>(group.size()) - 1;
  }
  return count;
}

// Looks for doubts; false where it was interrupted. `probabilities` become the networks'.
bool doubt_labels(const FaceSet& set, const DataCheckOptions& options, Console& console,
                  DataStudy& study, at::Tensor& probabilities) {
  if (!options.doubts) {
    study.doubts_note = "not looked for (--no-doubts)";
    return true;
  }
  const std::int64_t different = different_images(set);
  if (different < kLeastForDoubts) {
    study.doubts_note = "not looked for: " + grouped(different) +
                        " different images are too few to learn from, " + grouped(kLeastForDoubts) +
                        " are needed";
    console.info("labels in doubt: " + study.doubts_note);
    return true;
  }
  probabilities = predictions_of_others(set, options.common.seed, console);
  if (!probabilities.defined()) return false;
  if (!probabilities.isfinite().all().item<bool>()) {
    probabilities = at::Tensor();
    study.doubts_note = "not found: the networks' training diverged on these images";
    console.warn("labels in doubt: " + study.doubts_note);
    return true;
  }
  const auto count = static_cast<std::size_t>(set.size());
  const std::size_t classes = set.label_set.size();
  study.doubts = confident_learning({probabilities.const_data_ptr<float>(), count * classes},
                                    {set.labels.const_data_ptr<std::int64_t>(), count}, classes);
  study.accuracy = probabilities.argmax(1).eq(set.labels).to(at::kDouble).mean().item<double>();
  study.doubts_note = "looked for by " + std::to_string(kFolds) + " networks that are right on " +
                      percent(study.accuracy, 1);
  return true;
}

// Rows in the order in which they are worth a look: where networks were least sure of any class.
std::vector<std::int64_t> least_sure_first(const FaceSet& set, const at::Tensor& probabilities) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(set.size()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  if (!probabilities.defined()) return rows;
  const at::Tensor most = std::get<0>(probabilities.max(1)).contiguous();
  const auto* sure = most.const_data_ptr<float>();
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::int64_t a, std::int64_t b) { return sure[a] < sure[b]; });
  return rows;
}

void look_for_faces(const FaceSet& set, const at::Tensor& probabilities, FaceSearcher& searcher,
                    Console& console, DataStudy& study) {
  if (!searcher.why_not().empty()) {
    study.faces_note = "not looked for: " + searcher.why_not();
    return;
  }
  constexpr std::size_t kLookedAt = 2'000;
  std::vector<std::int64_t> rows = least_sure_first(set, probabilities);
  const bool all = rows.size() <= kLookedAt;
  rows.resize(std::min(rows.size(), kLookedAt));
  study.faces = searcher.search(set, rows, console);
  study.searched =
      all ? "all " + grouped(set.size())
          : "the " + grouped(static_cast<std::int64_t>(rows.size())) +
                (probabilities.defined() ? " that networks were least sure of" : " first ones");
  if (study.faces) {
    study.faces_note = "looked for by " + study.faces->detector + " in " + study.searched;
  }
}

FacelessImages shown_faceless(const FaceSet& set, const DataStudy& study) {
  FacelessImages faceless;
  faceless.detector = study.faces->detector;
  faceless.looked_at = study.searched;
  faceless.count = static_cast<std::int64_t>(study.faces->without.size());
  faceless.faces = faces_of(set, study.faces->without);
  return faceless;
}

}  // namespace

std::optional<DataStudy> study_data(const FaceSet& set, const DataCheckOptions& options,
                                    Console& console) {
  DataStudy study;
  FaceSearcher searcher(options.detector);  // before the work: its file may not be there
  at::Tensor probabilities;
  if (!doubt_labels(set, options, console, study, probabilities)) return std::nullopt;
  look_for_faces(set, probabilities, searcher, console, study);
  if (console.stop_requested().load()) return std::nullopt;
  return study;
}

void write_data_page(const FaceSet& set, const DataCheck& check, const DataStudy& study,
                     const DataCheckOptions& options, Console& console) {
  DataPage page;
  page.source = short_source(set.source);
  page.fingerprint = set.fingerprint();
  page.date = today();
  page.version = std::string("fer-data ") + version();
  page.labels = set.label_set;
  for (const SplitCounts& split : check.splits) {
    page.splits.push_back({std::string(split_name(split.split)), split.per_class});
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
  if (study.doubts) page.doubts = shown_doubts(set, study);
  if (study.faces) page.faceless = shown_faceless(set, study);
  page.card = {{"labels in doubt", study.doubts_note}, {"images without a face", study.faces_note}};
  page.no_images = !options.images;
  console.info("report: " + write_data_report(options.report, page).string());
}

}  // namespace fer
