#include "fer/core/label_set.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/text.h"

namespace fer {

namespace {

// Spelling -> canonical name, for the spellings that published data sets use (FER2013, FER+, Kaggle
// folders, CK+, RAF-DB, AffectNet, KDEF). The canonical names are FER2013's, and FER+'s eighth.
constexpr std::array<std::pair<std::string_view, std::string_view>, 22> kSpellings{{
    {"anger", "angry"},
    {"an", "angry"},
    {"disgusted", "disgust"},
    {"disgusting", "disgust"},
    {"di", "disgust"},
    {"fearful", "fear"},
    {"afraid", "fear"},
    {"scared", "fear"},
    {"fe", "fear"},
    {"happiness", "happy"},
    {"joy", "happy"},
    {"ha", "happy"},
    {"sadness", "sad"},
    {"sa", "sad"},
    {"surprised", "surprise"},
    {"su", "surprise"},
    {"suprise", "surprise"},
    {"neutrality", "neutral"},
    {"ne", "neutral"},
    {"contemptuous", "contempt"},
    {"calm", "neutral"},
    {"natural", "neutral"},
}};

std::string canonical(std::string_view spelling) {
  const std::string lower = to_lower(trim(spelling));
  for (const auto& [from, to] : kSpellings) {
    if (lower == from) return std::string(to);
  }
  return lower;
}

void check_name(const std::string& name) {
  if (name.empty() || name.size() > LabelSet::kMaxNameBytes || !is_printable(name)) {
    throw Error("class name " + quote(name) + " is not allowed: names have 1 to " +
                std::to_string(LabelSet::kMaxNameBytes) +
                " bytes of UTF-8 and no control characters");
  }
}

}  // namespace

const LabelSet& LabelSet::fer2013() {
  static const LabelSet labels(Unchecked{},
                               {"angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"});
  return labels;
}

const LabelSet& LabelSet::ferplus8() {
  static const LabelSet labels(
      Unchecked{}, {"neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt"});
  return labels;
}

LabelSet::LabelSet(std::vector<std::string> names) : names_(std::move(names)) {
  if (names_.size() < 2 || names_.size() > kMaxClasses) {
    throw Error("a label set has 2 to " + std::to_string(kMaxClasses) + " classes, not " +
                std::to_string(names_.size()));
  }
  std::set<std::string> seen;
  for (const std::string& name : names_) {
    check_name(name);
    if (!seen.insert(to_lower(name)).second) {
      throw Error("class name " + quote(name) + " appears twice in the label set");
    }
  }
}

std::optional<std::size_t> LabelSet::find(std::string_view spelling) const {
  const std::string exact = to_lower(trim(spelling));
  const std::string wanted = canonical(spelling);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (to_lower(names_[i]) == exact) return i;
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (canonical(names_[i]) == wanted) return i;
  }
  return std::nullopt;
}

}  // namespace fer
