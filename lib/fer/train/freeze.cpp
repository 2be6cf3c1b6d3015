#include "fer/train/freeze.h"

#include <torch/nn/modules/batchnorm.h>

#include <set>
#include <string_view>

#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::train {

namespace {

bool matches(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*') {
    return !text.empty() && text.front() == pattern.front() &&
           matches(text.substr(1), pattern.substr(1));
  }
  // Several stars in a row count as one; each star tries every match, the shortest first.
  const std::size_t next = pattern.find_first_not_of('*');
  if (next == std::string_view::npos) return true;
  for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (matches(text.substr(skipped), pattern.substr(next))) return true;
  }
  return false;
}

std::string first_words(const nn::Classifier& net) {
  std::set<std::string> words;
  for (const auto& named : net.named_parameters()) {
    words.insert(named.key().substr(0, named.key().find('.')));
  }
  return join({words.begin(), words.end()}, ", ");
}

}  // namespace

std::int64_t freeze_parameters(nn::Classifier& net, const std::vector<std::string>& patterns) {
  std::int64_t frozen = 0;
  for (const std::string& pattern : patterns) {
    bool found = false;
    for (auto& named : net.named_parameters()) {
      if (!matches(named.key(), pattern)) continue;
      found = true;
      if (!named.value().requires_grad()) continue;
      frozen += named.value().numel();
      named.value().requires_grad_(false);
    }
    if (!found) {
      throw OptionError("freeze", quote(pattern),
                        "matches no parameter; their names start with: " + first_words(net));
    }
  }
  return frozen;
}

void train_mode(nn::Classifier& net) {
  net.train();
  for (const auto& module : net.modules(/*include_self=*/false)) {
    auto* norm = module->as<torch::nn::BatchNorm2d>();
    if (norm != nullptr && norm->weight.defined() && !norm->weight.requires_grad()) norm->eval();
  }
}

}  // namespace fer::train
