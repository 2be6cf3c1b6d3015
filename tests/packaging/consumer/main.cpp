// Uses an installed library: draws faces, runs an untrained network on them, reads the labels.
#include <fer/data/synthetic_set.h>
#include <fer/infer/inference.h>
#include <fer/nn/architectures.h>

#include <cstdio>

int main() {
  const fer::FaceSet faces = fer::make_synthetic_set(70, 1);
  fer::Model model;
  model.info.architecture = "seed-cnn";
  model.net = fer::make_classifier("seed-cnn", static_cast<std::int64_t>(model.info.labels.size()));
  const at::Tensor probabilities = fer::predict_probabilities(model, faces.images, 16);
  std::printf("%s\n", model.info.labels.name(0).c_str());
  const bool as_promised = probabilities.size(0) == 70 && probabilities.size(1) == 7;
  return as_promised ? 0 : 1;
}
