#include "fer/train/best_models.h"

#include <filesystem>

#include "fer/core/atomic_file.h"
#include "fer/core/error.h"
#include "fer/model/model_file.h"

namespace fer::train {

namespace fs = std::filesystem;

namespace {

// With another ending than models, so that it is not taken for one.
fs::path staged(const fs::path& model) { return fs::path(model) += ".next"; }

bool is_there(const fs::path& path) {
  std::error_code code;
  return fs::is_regular_file(path, code);
}

void take_place(const fs::path& model) {
  if (!is_there(staged(model))) return;
  rename_file(staged(model), model);
}

std::int64_t epoch_of(const fs::path& path) {
  try {
    return model::read_model(path).info.training.epoch;
  } catch (const Error&) {
    return 0;  // no model, so no epoch
  }
}

void repair_one(const fs::path& model, std::int64_t best_epoch) {
  if (!is_there(staged(model))) return;
  if (epoch_of(staged(model)) == best_epoch) return take_place(model);
  std::error_code ignored;
  fs::remove(staged(model), ignored);
}

}  // namespace

void BestModels::stage(const nn::Model& best) const {
  nn::save_model(staged(folder_.best_model()), best);
}

void BestModels::stage_raw(const nn::Model& raw) const {
  nn::save_model(staged(folder_.best_raw_model()), raw);
}

void BestModels::commit() const {
  take_place(folder_.best_model());
  take_place(folder_.best_raw_model());
}

void BestModels::repair(std::int64_t best_epoch) const {
  repair_one(folder_.best_model(), best_epoch);
  repair_one(folder_.best_raw_model(), best_epoch);
}

}  // namespace fer::train
