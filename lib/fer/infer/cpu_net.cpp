#include "fer/infer/cpu_net.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "fer/graph/architectures.h"
#include "fer/graph/weights.h"

namespace fer::infer {

namespace {

bool is_in_table(const std::string& architecture) {
  const std::vector<std::string> names = graph::architecture_names();
  return std::find(names.begin(), names.end(), architecture) != names.end();
}

// A run that diverges is validated, too; its weights are no numbers.
bool is_finite(const graph::Tensor& tensor) {
  return std::all_of(tensor.values.begin(), tensor.values.end(),
                     [](float value) { return std::isfinite(value); });
}

graph::Tensor plain(const at::Tensor& tensor) {
  graph::Tensor plain{tensor.sizes().vec(), {}};
  if (!tensor.is_floating_point()) return plain;
  const at::Tensor dense = tensor.detach().to(at::kFloat).contiguous();
  const auto* values = dense.const_data_ptr<float>();
  plain.values.assign(values, values + dense.numel());
  return plain;
}

// Of the calling thread: threads are costly to start.
runtime::Team& team_of(int threads) {
  thread_local std::unique_ptr<runtime::Team> team;
  if (!team || team->size() != threads) team = std::make_unique<runtime::Team>(threads);
  return *team;
}

}  // namespace

std::shared_ptr<const CpuNet> CpuNet::of(const model::Model& model) {
  if (!is_in_table(model.info.architecture)) return nullptr;
  graph::Weights weights;
  for (const auto& [name, tensor] : model::named_weights(*model.net)) {
    graph::Tensor& own = weights[name] = plain(tensor);
    if (!is_finite(own)) return nullptr;
  }
  const auto classes = static_cast<std::int64_t>(model.info.labels.size());
  return std::shared_ptr<const CpuNet>(new CpuNet(graph::graph_of(
      model.info.architecture, classes, model.info.net, weights, model.info.architecture)));
}

CpuNet::CpuNet(const graph::Graph& graph) : executable_(graph) {}

void CpuNet::work(const float* faces, float* logits, std::int64_t count,
                  runtime::Team& team) const {
  const std::size_t floats = static_cast<std::size_t>(count * side() * side());
  const std::vector<float> results = executable_.run(std::span(faces, floats), team).front();
  std::copy(results.begin(), results.end(), logits);
}

at::Tensor CpuNet::logits(const at::Tensor& faces) const {
  TORCH_CHECK(faces.dim() == 4 && faces.size(1) == 1 && faces.size(2) == side() &&
                  faces.size(3) == side() && faces.scalar_type() == at::kFloat,
              "a network on the CPU takes float32 [N,1,", side(), ",", side(), "]");
  const at::Tensor dense = faces.contiguous();
  const std::int64_t count = dense.size(0), classes = executable_.output().channels;
  at::Tensor logits = at::empty({count, classes}, dense.options());
  const auto* from = dense.const_data_ptr<float>();
  auto* to = logits.data_ptr<float>();
  const bool alone = at::in_parallel_region() || at::get_num_threads() == 1;
  if (alone || count < at::get_num_threads()) {
    work(from, to, count, team_of(alone ? 1 : at::get_num_threads()));
    return logits;
  }
  at::parallel_for(0, count, 1, [&](std::int64_t begin, std::int64_t end) {
    work(from + begin * side() * side(), to + begin * classes, end - begin, team_of(1));
  });
  return logits;
}

}  // namespace fer::infer
