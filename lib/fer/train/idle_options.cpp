#include "fer/train/idle_options.h"

#include <algorithm>
#include <initializer_list>

namespace fer {

namespace {

struct Dependent {
  const char* flag;
  const char* needs;
  bool set, used;
};

// The switch itself, as its list of values that use the option.
bool is(const std::string& value, std::initializer_list<const char*> any) {
  return std::any_of(any.begin(), any.end(), [&](const char* one) { return value == one; });
}

}  // namespace

std::vector<std::string> idle_options(const TrainOptions& o) {
  const TrainOptions usual;
  const OptimizerOptions& optimizer = o.optimizer;
  const ScheduleOptions& schedule = o.schedule;
  const LossOptions& loss = o.loss;
  const std::string& plan = schedule.schedule;
  const bool taught = !loss.distill.empty();
  const Dependent all[] = {
      {"--momentum", "--optimizer sgd", optimizer.momentum != usual.optimizer.momentum,
       optimizer.optimizer == "sgd"},
      {"--sam-rho", "--sam sam or asam", optimizer.sam_rho != usual.optimizer.sam_rho,
       optimizer.sam != "off"},
      {"--final-lr", "--schedule cosine or onecycle", schedule.final_lr != usual.schedule.final_lr,
       is(plan, {"cosine", "onecycle"})},
      {"--step-epochs", "--schedule step", schedule.step_epochs != usual.schedule.step_epochs,
       plan == "step"},
      {"--step-factor", "--schedule step or plateau",
       schedule.step_factor != usual.schedule.step_factor, is(plan, {"step", "plateau"})},
      {"--plateau-patience", "--schedule plateau",
       schedule.plateau_patience != usual.schedule.plateau_patience, plan == "plateau"},
      {"--focal-gamma", "--loss focal", loss.focal_gamma != usual.loss.focal_gamma,
       loss.loss == "focal"},
      {"--effective-beta", "--class-weights effective",
       loss.effective_beta != usual.loss.effective_beta, loss.class_weights == "effective"},
      {"--ferplus-weight", "--ferplus-targets", loss.ferplus_weight != usual.loss.ferplus_weight,
       loss.ferplus_targets != "off"},
      {"--distill-weight", "--distill", loss.distill_weight != usual.loss.distill_weight, taught},
      {"--distill-temperature", "--distill",
       loss.distill_temperature != usual.loss.distill_temperature, taught},
      {"--randaugment-magnitude", "--randaugment",
       o.augment.randaugment_magnitude != usual.augment.randaugment_magnitude,
       o.augment.randaugment > 0},
  };
  std::vector<std::string> idle;
  for (const Dependent& one : all) {
    if (!one.set || one.used) continue;
    idle.push_back(std::string(one.flag) + ": has no effect without " + one.needs);
  }
  return idle;
}

}  // namespace fer
