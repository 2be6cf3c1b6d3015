#include "fer/train/training_step.h"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <torch/utils.h>

#include "fer/nn/normalise.h"
#include "fer/train/sam.h"

namespace fer::train {

namespace {

// Restores the buffers after the second pass of a SAM step, because the statistics of the moved
// weights are not the network's.
class KeptBuffers {
 public:
  explicit KeptBuffers(const nn::Classifier& net) : buffers_(net.buffers()) {
    for (const at::Tensor& buffer : buffers_) before_.push_back(buffer.clone());
  }
  ~KeptBuffers() {
    const at::NoGradGuard no_grad;
    for (std::size_t i = 0; i < buffers_.size(); ++i) buffers_[i].copy_(before_[i]);
  }
  KeptBuffers(const KeptBuffers&) = delete;
  KeptBuffers& operator=(const KeptBuffers&) = delete;

 private:
  std::vector<at::Tensor> buffers_, before_;
};

at::Tensor weights_tensor(const LossOptions& options, const std::vector<std::int64_t>& counts,
                          at::Device device) {
  if (options.class_weights == ClassWeights::none) return {};
  return at::tensor(class_weights(options, counts), at::kDouble).to(at::kFloat).to(device);
}

at::Tensor adjustments_tensor(const LossOptions& options, const std::vector<std::int64_t>& counts,
                              at::Device device) {
  if (options.logit_adjustment == 0.0) return {};
  return at::tensor(logit_adjustments(options, counts), at::kDouble).to(at::kFloat).to(device);
}

std::int64_t images_in(const std::vector<Batch>& batches) {
  std::int64_t images = 0;
  for (const Batch& batch : batches) images += batch.levels.size(0);
  return images;
}

}  // namespace

TrainingStep::TrainingStep(nn::Model& model, const TrainOptions& options,
                           const std::vector<std::int64_t>& class_counts,
                           std::vector<nn::Model> teachers, ranks::Ranks& ranks)
    : model_(model),
      options_(options),
      teachers_(std::move(teachers)),
      device_(model.net->parameters().front().device()),
      class_weights_(weights_tensor(options.loss, class_counts, device_)),
      adjustments_(adjustments_tensor(options.loss, class_counts, device_)),
      optimizer_(*model.net, options.optimizer),
      average_(*model.net, options.optimizer.ema),
      scale_(options.amp == MixedPrecision::fp16, device_),
      ranks_(ranks),
      replicas_(
          model,
          Replicas::share_for(
              *model.net, static_cast<std::size_t>(options.parts_of_step(device_.is_cpu())), ranks),
          at::get_num_threads(), ranks) {
  for (const nn::Model& teacher : teachers_) {
    teacher.net->to(device_);
    teacher.net->eval();
  }
}

TrainingStep::Outcome TrainingStep::run(const std::vector<Batch>& batches, double learning_rate,
                                        const RandomStream& stream) {
  begin(learning_rate, stream);
  return launch(batches);
}

void TrainingStep::begin(double learning_rate, const RandomStream& stream) {
  optimizer_.set_learning_rate(learning_rate);
  // Seeds LibTorch's generator, from which dropout draws, so that a step is a function of seed,
  // epoch and number, and a run can resume anywhere.
  seed_ = stream.child("dropout").key();
  torch::manual_seed(seed_);
}

TrainingStep::Outcome TrainingStep::launch(const std::vector<Batch>& batches) {
  Outcome outcome = compute_gradients(batches);
  if (options_.optimizer.sam != SamKind::off) {
    const KeptBuffers kept(*model_.net);
    const SamStep nearby(optimizer_.parameters(), options_.optimizer.sam_rho,
                         options_.optimizer.sam == SamKind::asam);
    torch::manual_seed(seed_);  // so that the same features are dropped
    compute_gradients(batches);
  }
  if (scale_.unscale(optimizer_.parameters())) {
    optimizer_.step();
    average_.update();
  }
  return outcome;
}

TrainingStep::Outcome TrainingStep::compute_gradients(const std::vector<Batch>& batches) {
  const auto all = static_cast<double>(images_in(batches));
  std::vector<Outcome> outcomes(batches.size());
  const auto work = [&](nn::Classifier& net, std::size_t i) {
    if (replicas_.side_by_side()) net.seed_draws(RandomStream(seed_).child(i).key());
    const auto images = static_cast<double>(batches[i].levels.size(0));
    outcomes[i] = add_gradients(net, batches[i], images / all);
  };
  if (ranks_.several()) return compute_among_ranks(outcomes, work);
  replicas_.run(batches.size(), work);
  Outcome sum = outcomes.front();
  for (std::size_t i = 1; i < outcomes.size(); ++i) {
    sum.loss_sum = sum.loss_sum + outcomes[i].loss_sum;
    sum.correct = sum.correct + outcomes[i].correct;
  }
  return sum;
}

TrainingStep::Outcome TrainingStep::compute_among_ranks(const std::vector<Outcome>& outcomes,
                                                        const Replicas::Work& work) {
  const Replicas::Totals totals = replicas_.run(outcomes.size(), work, [&](Replicas::Totals& sum) {
    const StepShare::Range own = share().own_parts(outcomes.size());
    for (std::size_t i = own.first; i < own.last; ++i) {
      sum.loss_sum += outcomes[i].loss_sum.item<float>();
      sum.correct += static_cast<float>(outcomes[i].correct.item<std::int64_t>());
    }
  });
  return {at::full({}, totals.loss_sum, at::kFloat),
          at::full({}, static_cast<std::int64_t>(totals.correct), at::kLong)};
}

// `share`: the batch's fraction of the step's images.
TrainingStep::Outcome TrainingStep::add_gradients(nn::Classifier& net, const Batch& batch,
                                                  double share) const {
  const at::Tensor logits = forward(net, model_.info.input, batch.levels);
  const at::Tensor loss = loss_of(logits, batch);
  scale_.scaled(share == 1.0 ? loss : loss * share).backward();
  return {loss.detach() * static_cast<double>(batch.levels.size(0)),
          logits.detach().argmax(1).eq(batch.truth.labels).sum()};
}

at::Tensor TrainingStep::forward(nn::Classifier& net, const model::InputSpec& input,
                                 const at::Tensor& levels) const {
  const ReducedPrecision precision(options_.amp, device_.type());
  return net.forward(nn::normalise(levels, input)).to(at::kFloat);
}

at::Tensor TrainingStep::loss_of(const at::Tensor& logits, const Batch& batch) const {
  const at::Tensor adjusted = adjustments_.defined() ? logits + adjustments_ : logits;
  const at::Tensor loss = classification_loss(adjusted, batch.truth, options_.loss, class_weights_);
  if (teachers_.empty()) return loss;
  const double share = options_.loss.distill_weight;
  return loss * (1.0 - share) +
         distillation_loss(logits, teach(batch), options_.loss.distill_temperature) * share;
}

// The teachers' mean probabilities for the student's augmented images: float32 [B,C].
at::Tensor TrainingStep::teach(const Batch& batch) const {
  const at::NoGradGuard no_grad;
  at::Tensor sum;
  for (const nn::Model& teacher : teachers_) {
    const at::Tensor logits = forward(*teacher.net, teacher.info.input, batch.levels);
    const at::Tensor said = at::softmax(logits / options_.loss.distill_temperature, 1);
    sum = sum.defined() ? sum + said : said;
  }
  return sum / static_cast<double>(teachers_.size());
}

}  // namespace fer::train
