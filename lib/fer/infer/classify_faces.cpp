#include "fer/infer/classify_faces.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <span>

#include "fer/infer/ensemble.h"
#include "fer/infer/explain.h"
#include "fer/infer/tta.h"
#include "fer/model/named_models.h"
#include "fer/tensors/cores.h"

namespace fer::infer {

namespace {

std::vector<std::vector<float>> rows_of(const at::Tensor& probabilities) {
  const at::Tensor dense = probabilities.contiguous();
  const auto classes = static_cast<std::size_t>(dense.size(1));
  const std::span<const float> values(dense.const_data_ptr<float>(),
                                      static_cast<std::size_t>(dense.numel()));
  std::vector<std::vector<float>> rows;
  for (std::size_t at = 0; at < values.size(); at += classes) {
    const auto row = values.subspan(at, classes);
    rows.emplace_back(row.begin(), row.end());
  }
  return rows;
}

// FacePixels are arrays, so that a span of them is one block [F,48,48], of which this is a view.
at::Tensor tensor_of(std::span<const FacePixels> faces) {
  // from_blob takes no pointer to constant bytes; nobody writes.
  auto* pixels = const_cast<std::uint8_t*>(faces.front().data());
  return at::from_blob(pixels, {static_cast<std::int64_t>(faces.size()), kFaceSide, kFaceSide},
                       at::TensorOptions().dtype(at::kByte));
}

// Below so many looks at a face the other cores are the detector's.
constexpr std::size_t kWorthThreads = 8;
// On a GPU.
constexpr std::int64_t kFacesTogether = 256;

}  // namespace

ClassifyFaces classify_with(const std::vector<model::NamedModel>& named, const std::string& tta,
                            int threads) {
  std::vector<model::Model> models;
  for (const model::NamedModel& one : named) models.push_back(one.model);
  const std::size_t looks =
      models.size() * tta_views(at::zeros({1, kFaceSide, kFaceSide}, at::kByte), tta).size();
  return [ensemble = Ensemble(models, model::own_weights(named)), tta, threads,
          looks](std::span<const FacePixels> faces) {
    const tensors::CoresMeanwhile set(faces.size() * looks >= kWorthThreads ? threads : 1);
    return rows_of(ensemble.probabilities(tensor_of(faces), kFacesTogether, tta));
  };
}

ExplainFaces explain_with(const std::vector<model::NamedModel>& models) {
  return [cam = GradCam(models.front().model)](std::span<const FacePixels> faces,
                                               std::span<const std::int64_t> classes) {
    const at::Tensor wanted =
        at::tensor(at::ArrayRef<std::int64_t>(classes.data(), classes.size()), at::kLong);
    return rows_of(cam.maps(tensor_of(faces), wanted).flatten(1));
  };
}

}  // namespace fer::infer
