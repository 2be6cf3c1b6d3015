#include "fer/nn/classifier.h"

namespace fer::nn {

std::int64_t Classifier::parameter_count() const {
  std::int64_t count = 0;
  for (const at::Tensor& parameter : parameters()) count += parameter.numel();
  return count;
}

LayerPlan plan_of(const Classifier& net) {
  PlanBuilder plan;
  net.describe(plan);
  return std::move(plan).take();
}

}  // namespace fer::nn
