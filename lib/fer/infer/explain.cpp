#include "fer/infer/explain.h"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/face.h"

namespace fer::infer {

namespace {

constexpr std::int64_t kLeastMapSide = 6;
constexpr std::int64_t kImagesAtOnce = 64;  // gradients keep every layer's output
constexpr std::int64_t kOcclusionBatch = 64;

// Scales each map from 0 at its smallest value to 1 at its largest, because only differences
// between places matter. A map that is the same everywhere becomes 0.
at::Tensor spread_to_one(const at::Tensor& maps) {
  const at::Tensor above = maps - maps.amin({1, 2}, /*keepdim=*/true);
  const at::Tensor largest = above.amax({1, 2}, /*keepdim=*/true);
  return at::where(largest > 0, above / largest.clamp_min(1e-30), at::zeros_like(maps));
}

at::Tensor grad_cam_batch(const FrozenNet& net, const model::InputSpec& input,
                          const at::Tensor& images, const at::Tensor& classes) {
  const at::AutoGradMode with_gradients(true);
  const at::Tensor faces = model::normalise(images.to(net.device()), input).requires_grad_();
  const FrozenNet::Insight insight = net.insight(faces, kLeastMapSide);
  // Minus the mean of all logits: adding a number to every logit changes no probability, and
  // networks do add one.
  const at::Tensor margins = insight.logits - insight.logits.mean(1, /*keepdim=*/true);
  const at::Tensor scores = margins.gather(1, classes.to(net.device()).unsqueeze(1)).sum();
  const at::Tensor gradient = torch::autograd::grad({scores}, {insight.map}).front();
  const at::Tensor weights = gradient.mean({2, 3}, /*keepdim=*/true);
  const at::Tensor map = at::relu((weights * insight.map.detach()).sum(1, /*keepdim=*/true));
  const at::Tensor fine =
      at::upsample_bilinear2d(map, {images.size(1), images.size(2)}, /*align_corners=*/false);
  return spread_to_one(fine.squeeze(1).to(at::kCPU));
}

// Where squares begin: half a square apart, the last at the border.
std::vector<std::int64_t> square_places(std::int64_t side, std::int64_t patch) {
  std::vector<std::int64_t> places;
  for (std::int64_t at = 0; at < side - patch; at += std::max<std::int64_t>(patch / 2, 1)) {
    places.push_back(at);
  }
  places.push_back(side - patch);
  return places;
}

}  // namespace

GradCam::GradCam(const model::Model& model)
    : net_(model, NetUse::gradients), input_(model.info.input) {}

at::Tensor GradCam::maps(const at::Tensor& images, const at::Tensor& classes) const {
  const std::int64_t count = images.size(0);
  at::Tensor maps = at::zeros({count, images.size(1), images.size(2)}, at::kFloat);
  for (std::int64_t start = 0; start < count; start += kImagesAtOnce) {
    const std::int64_t rows = std::min(kImagesAtOnce, count - start);
    maps.narrow(0, start, rows)
        .copy_(grad_cam_batch(net_, input_, images.narrow(0, start, rows),
                              classes.narrow(0, start, rows)));
  }
  return maps;
}

at::Tensor occlusion_map(const FrozenModel& model, const at::Tensor& images,
                         const at::Tensor& classes, std::int64_t patch) {
  const std::int64_t side = images.size(2);
  if (patch < 1 || patch > side) {
    throw Error("occlusion: a square of " + std::to_string(patch) + " pixels; allowed are 1 to " +
                std::to_string(side));
  }
  const at::Tensor index = classes.unsqueeze(1);
  const auto probability = [&](const at::Tensor& faces) {
    return model.probabilities(faces, kOcclusionBatch).gather(1, index).squeeze(1);
  };
  const at::Tensor whole = probability(images);
  // The mean grey of each face, so that the square is neither brighter nor darker than what it
  // hides.
  const at::Tensor grey =
      images.to(at::kFloat).mean({1, 2}, /*keepdim=*/true).round().to(at::kByte);
  const at::Tensor loss = at::zeros(images.sizes(), at::kFloat);
  const at::Tensor covers = at::zeros({side, side}, at::kFloat);
  const std::vector<std::int64_t> places = square_places(side, patch);
  for (const std::int64_t y : places) {
    for (const std::int64_t x : places) {
      const at::Tensor hidden = images.clone();
      hidden.narrow(1, y, patch).narrow(2, x, patch).copy_(grey);
      const at::Tensor lost = (whole - probability(hidden)).view({-1, 1, 1});
      loss.narrow(1, y, patch).narrow(2, x, patch).add_(lost);
      covers.narrow(0, y, patch).narrow(1, x, patch).add_(1.0);
    }
  }
  return loss / covers;
}

}  // namespace fer::infer
