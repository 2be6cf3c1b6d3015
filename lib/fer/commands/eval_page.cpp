#include <ATen/Functions.h>

#include <algorithm>
#include <numeric>

#include "fer/commands/eval_outputs.h"
#include "fer/commands/today.h"
#include "fer/core/text.h"
#include "fer/core/version.h"
#include "fer/infer/explain.h"
#include "fer/metrics/ranking.h"
#include "fer/report/evaluation_page.h"
#include "fer/report/results_file.h"

namespace fer {

namespace {

constexpr std::size_t kFacesOfAKind = 8;
constexpr std::size_t kSuspicious = 24;
// A label is suspected where the model is at least this sure of another class.
constexpr float kSure = 0.8F;

// Rows of an evaluation, by what was said of them.
class Judged {
 public:
  explicit Judged(const EvalStudy& study)
      : study_(study),
        probabilities_(study.evaluation.probabilities.contiguous()),
        predictions_(probabilities_.argmax(1)),
        said_(std::get<0>(probabilities_.max(1))),
        of_truth_(probabilities_.gather(1, study.set.labels.unsqueeze(1)).squeeze(1).contiguous()) {
  }

  std::int64_t size() const { return study_.set.size(); }
  std::int64_t truth(std::int64_t i) const {
    return study_.set.labels.const_data_ptr<std::int64_t>()[i];
  }
  std::int64_t prediction(std::int64_t i) const {
    return predictions_.const_data_ptr<std::int64_t>()[i];
  }
  float said(std::int64_t i) const { return said_.const_data_ptr<float>()[i]; }
  float of_truth(std::int64_t i) const { return of_truth_.const_data_ptr<float>()[i]; }
  const at::Tensor& predictions() const { return predictions_; }

  // At most `most` rows that `wanted` takes, in the order of `key`, the smallest first.
  template <typename Wanted, typename Key>
  std::vector<std::int64_t> best(std::size_t most, const Wanted& wanted, const Key& key) const {
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < size(); ++i) {
      if (wanted(i)) rows.push_back(i);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [&](std::int64_t a, std::int64_t b) { return key(a) < key(b); });
    rows.resize(std::min(rows.size(), most));
    return rows;
  }

 private:
  const EvalStudy& study_;
  at::Tensor probabilities_, predictions_, said_, of_truth_;
};

std::vector<ShownFace> faces_of(const EvalStudy& study, const Judged& judged,
                                const std::vector<std::int64_t>& rows) {
  std::vector<ShownFace> faces;
  if (rows.empty()) return faces;
  const at::Tensor index = at::tensor(rows, at::kLong);
  const at::Tensor images = study.set.images.index_select(0, index).contiguous();
  const at::Tensor maps = GradCam(study.models.front().model)
                              .maps(images, judged.predictions().index_select(0, index))
                              .contiguous();
  const auto* pixels = images.const_data_ptr<std::uint8_t>();
  const auto* heat = maps.const_data_ptr<float>();
  for (const std::int64_t row : rows) {
    ShownFace& face = faces.emplace_back();
    std::copy_n(pixels, kFacePixels, face.pixels.begin());
    face.heat.assign(heat, heat + kFacePixels);
    face.truth = static_cast<std::size_t>(judged.truth(row));
    face.prediction = static_cast<std::size_t>(judged.prediction(row));
    face.probability = judged.said(row);
    face.source = "image " + std::to_string(row);
    pixels += kFacePixels;
    heat += kFacePixels;
  }
  return faces;
}

std::vector<ClassFaces> faces_by_class(const EvalStudy& study, const Judged& judged) {
  std::vector<ClassFaces> faces;
  for (std::int64_t c = 0; c < static_cast<std::int64_t>(study.set.label_set.size()); ++c) {
    const auto mistake = [&](std::int64_t i) {
      return judged.truth(i) == c && judged.prediction(i) != c;
    };
    const auto hit = [&](std::int64_t i) {
      return judged.truth(i) == c && judged.prediction(i) == c;
    };
    const auto surest = [&](std::int64_t i) { return -judged.said(i); };
    const auto least_sure = [&](std::int64_t i) { return judged.said(i); };
    faces.push_back({faces_of(study, judged, judged.best(kFacesOfAKind, mistake, surest)),
                     faces_of(study, judged, judged.best(kFacesOfAKind, hit, least_sure))});
  }
  return faces;
}

std::vector<ShownFace> suspicious_faces(const EvalStudy& study, const Judged& judged) {
  const auto suspected = [&](std::int64_t i) {
    return judged.prediction(i) != judged.truth(i) && judged.said(i) >= kSure;
  };
  const auto likely = [&](std::int64_t i) { return judged.of_truth(i); };
  return faces_of(study, judged, judged.best(kSuspicious, suspected, likely));
}

std::vector<std::vector<PrecisionRecallPoint>> curves_of(const ScoredSamples& samples) {
  std::vector<std::vector<PrecisionRecallPoint>> curves;
  for (std::size_t c = 0; c < samples.classes(); ++c)
    curves.push_back(precision_recall_curve(samples, c));
  return curves;
}

// Of the run that made the model, where its folder is still around it.
std::optional<TrainingCurves> training_of(const NamedModel& model) {
  const std::filesystem::path results = model.path.parent_path() / "results.csv";
  if (!std::filesystem::is_regular_file(results)) return std::nullopt;
  const ResultsFile file(results);
  TrainingCurves curves;
  const auto column = [&file](const char* name) {
    return file.has(name) ? file.column(name) : std::vector<double>();
  };
  curves.train_loss = column("train_loss");
  curves.val_loss = column("val_loss");
  curves.train_accuracy = column("train_accuracy");
  curves.val_accuracy = column("val_accuracy");
  const std::int64_t kept = model.model.info.training.epoch;
  if (kept <= static_cast<std::int64_t>(file.epochs())) curves.best_epoch = kept;
  return curves;
}

std::vector<Fact> model_card(const NamedModel& named) {
  const ModelInfo& info = named.model.info;
  return {{"file", named.path.filename().string()},
          {"architecture", info.architecture},
          {"parameters", grouped(named.model.net->parameter_count())},
          {"classes", join(info.labels.names(), ", ")},
          {"trained on", info.training.data},
          {"fingerprint of the training images", info.training.data_fingerprint},
          {"epoch kept", std::to_string(info.training.epoch)},
          {"accuracy on its validation images", percent(info.training.val_accuracy)},
          {"temperature", shortest(info.temperature)},
          {"made by", info.creator},
          {"licence", info.licence}};
}

std::vector<Fact> data_card(const EvalStudy& study) {
  std::vector<Fact> facts = {{"data", study.set.source},
                             {"images", grouped(study.set.size())},
                             {"fingerprint", study.set.fingerprint()}};
  const std::vector<std::int64_t> counts = study.set.class_counts();
  for (std::size_t c = 0; c < counts.size(); ++c) {
    facts.push_back({study.set.label_set.name(c), grouped(counts[c])});
  }
  return facts;
}

Trust trust_of(const EvalStudy& study, const EvalCommandOptions& options) {
  Trust trust;
  if (study.seen) trust.seen = SeenImages{study.seen->seen, study.seen->unseen};
  if (options.split == "val") trust.chosen = ChosenOnSplit::yes;
  if (options.split == "test") trust.chosen = ChosenOnSplit::no;
  if (options.weights == "fitted") {
    trust.notices.push_back({options.split == "val" ? Severity::warning : Severity::note,
                             "The ensemble's weights were fitted on the validation images."});
  }
  return trust;
}

EvaluationPage page_of(const EvalStudy& study, const EvalCommandOptions& options) {
  const ScoredSamples samples = scored(study.evaluation.probabilities, study.set);
  EvaluationPage page;
  page.measured = {.model = joint_name(study.models),
                   .data = study.set.source,
                   .fingerprint = study.set.fingerprint(),
                   .split = options.split,
                   .tta = options.tta,
                   .date = today(),
                   .version = std::string("fer-eval ") + version()};
  page.trust = trust_of(study, options);
  page.labels = study.set.label_set;
  page.report = study.evaluation.report;
  page.precision_recall = curves_of(samples);
  if (study.models.size() == 1) page.training = training_of(study.models.front());
  if (!study.errors.empty()) page.robustness = Robustness{.errors = study.errors};
  for (const RivalModel& rival : study.rivals) {
    page.others.push_back({rival.name, rival.evaluation.report, rival.versus});
  }
  page.votes = study.votes;
  page.no_images = !options.images;
  if (options.images) {
    const Judged judged(study);
    page.faces = faces_by_class(study, judged);
    page.suspicious = suspicious_faces(study, judged);
  }
  page.model_card = model_card(study.models.front());
  page.data_card = data_card(study);
  return page;
}

}  // namespace

void write_report(const EvalStudy& study, const EvalCommandOptions& options, Console& console) {
  const std::filesystem::path page =
      write_evaluation_report(options.report, page_of(study, options));
  console.info("report: " + page.string());
}

}  // namespace fer
