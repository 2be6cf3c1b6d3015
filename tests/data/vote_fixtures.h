// FER+'s votes that the data tests make for themselves.
#pragma once

#include <ATen/Functions.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace fer::test {

// neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, NF
using VoteRow = std::array<int, 10>;

// uint8 [N,10]
inline at::Tensor votes_of(const std::vector<VoteRow>& rows) {
  at::Tensor votes = at::empty({static_cast<std::int64_t>(rows.size()), 10}, at::kByte);
  auto* out = votes.data_ptr<std::uint8_t>();
  for (const VoteRow& row : rows) {
    for (const int count : row) *out++ = static_cast<std::uint8_t>(count);
  }
  return votes;
}

inline const char* const kVoteHeader =
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";

// A row of a file with kVoteHeader.
inline std::string vote_line(const std::string& usage, const VoteRow& row) {
  std::string line = usage + ",fer0000000.png";
  for (const int count : row) line += "," + std::to_string(count);
  return line + "\n";
}

}  // namespace fer::test
