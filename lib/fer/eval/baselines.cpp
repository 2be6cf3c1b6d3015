#include "fer/eval/baselines.h"

#include "fer/core/option_error.h"
#include "fer/eval/bare_models.h"
#include "fer/eval/corruption_study.h"

namespace fer::eval {

std::vector<std::vector<nn::NamedModel>> load_baselines(const StudyOptions& options,
                                                        const LabelSet& labels,
                                                        const std::string& device,
                                                        model::OnnxSpecs& specs) {
  std::vector<std::vector<nn::NamedModel>> baselines;
  for (const std::string& name : options.compare) {
    baselines.push_back(nn::load_models({name}, device, "compare", &specs));
    nn::order_classes(baselines.back(), labels, "compare");
  }
  return baselines;
}

std::vector<Baseline> evaluate_baselines(const std::vector<std::vector<nn::NamedModel>>& all,
                                         const StudyImages& images, const at::Tensor& probabilities,
                                         const StudyOptions& options, const RandomStream& stream,
                                         Log& log, ranks::Ranks& ranks) {
  const data::FaceSet& set = images.set();
  std::vector<Baseline> baselines;
  for (const std::vector<nn::NamedModel>& models : all) {
    Baseline& baseline = baselines.emplace_back();
    const nn::Ensemble ensemble(bare_models(models), model::own_weights(models), options.precision);
    baseline.name = model::joint_name(models);
    baseline.evaluation = evaluate(ensemble, images, options.batch_size, options.tta, ranks);
    baseline.versus = metrics::compare_paired(scored(probabilities, set),
                                              scored(baseline.evaluation.probabilities, set),
                                              stream.child("bootstrap"));
    baseline.seen = count_seen(images, models, baseline.evaluation.probabilities);
    if (options.corrupt && baselines.size() == 1) {
      log.info(baseline.name + " under the same corruptions");
      baseline.errors =
          errors_when_corrupted(ensemble, set, options.batch_size, options.tta, stream, log, ranks);
    }
  }
  return baselines;
}

}  // namespace fer::eval
