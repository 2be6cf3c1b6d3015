#include "fer/eval/study_faces.h"

#include <ATen/Functions.h>

#include <algorithm>

#include "fer/eval/ensemble_grad_cam.h"
#include "fer/eval/prediction_rows.h"
#include "fer/report/short_name.h"
#include "fer/tensors/face_images.h"

namespace fer::eval {

namespace {

constexpr std::size_t kFacesOfAKind = 8;
constexpr std::size_t kSuspicious = 24;
// A label is suspicious if another class has at least this probability.
constexpr float kSure = 0.8F;

std::vector<report::ShownFace> faces_of(const EvalStudy& study, const PredictionRows& rows,
                                        const EnsembleGradCam& grad_cam,
                                        const std::vector<std::int64_t>& chosen) {
  std::vector<report::ShownFace> faces;
  if (chosen.empty()) return faces;
  const at::Tensor index = at::tensor(chosen, at::kLong);
  const at::Tensor images = study.set.images.rows(index);
  const at::Tensor maps =
      grad_cam.maps(study.images, index, rows.predictions().index_select(0, index));
  const FacesView pixels = tensors::faces_of(images);
  const auto* heat = maps.const_data_ptr<float>();
  const std::int64_t places = maps.size(1) * maps.size(2);
  for (const std::int64_t row : chosen) {
    report::ShownFace& face = faces.emplace_back();
    face.pixels.append(pixels[faces.size() - 1]);
    face.heat.assign(heat, heat + places);
    face.truth = static_cast<std::size_t>(rows.truth(row));
    face.prediction = static_cast<std::size_t>(rows.prediction(row));
    face.probability = rows.confidence(row);
    face.source = report::short_name(study.set.name_of(row));
    heat += places;
  }
  return faces;
}

std::vector<report::ClassFaces> faces_by_class(const EvalStudy& study, const PredictionRows& rows,
                                               const EnsembleGradCam& grad_cam) {
  std::vector<report::ClassFaces> faces;
  for (std::int64_t c = 0; c < static_cast<std::int64_t>(study.set.label_set.size()); ++c) {
    const auto mistake = [&](std::int64_t i) {
      return rows.truth(i) == c && rows.prediction(i) != c;
    };
    const auto hit = [&](std::int64_t i) { return rows.truth(i) == c && rows.prediction(i) == c; };
    const auto surest = [&](std::int64_t i) { return -rows.confidence(i); };
    const auto least_sure = [&](std::int64_t i) { return rows.confidence(i); };
    faces.push_back({faces_of(study, rows, grad_cam, rows.best(kFacesOfAKind, mistake, surest)),
                     faces_of(study, rows, grad_cam, rows.best(kFacesOfAKind, hit, least_sure))});
  }
  return faces;
}

std::vector<report::ShownFace> suspicious_faces(const EvalStudy& study, const PredictionRows& rows,
                                                const EnsembleGradCam& grad_cam) {
  const auto suspected = [&](std::int64_t i) {
    return rows.prediction(i) != rows.truth(i) && rows.confidence(i) >= kSure;
  };
  const auto likely = [&](std::int64_t i) { return rows.of_truth(i); };
  return faces_of(study, rows, grad_cam, rows.best(kSuspicious, suspected, likely));
}

}  // namespace

void add_faces(const EvalStudy& study, report::EvaluationPage& page) {
  const PredictionRows rows(study.set, study.evaluation.probabilities);
  const EnsembleGradCam grad_cam(study.models, study.weights);
  page.faces = faces_by_class(study, rows, grad_cam);
  page.suspicious = suspicious_faces(study, rows, grad_cam);
}

}  // namespace fer::eval
