# cmake --install and find_package(fer).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# The library is fer and the rooms it stands on; programs alone need the others.
if(TARGET fer)
  set(installed fer fer_predict fer_pipeline fer_output fer_source fer_track fer_detect fer_image fer_paint
                fer_infer fer_model fer_runtime fer_graph fer_core)
  install(TARGETS ${installed} fer_shared EXPORT ferTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  # For C without CMake: pkg-config --cflags --libs fer.
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
             BASE_DIRECTORY "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" OUTPUT_VARIABLE FER_PREFIX_FROM_PC)
  configure_file(cmake/fer.pc.in fer.pc @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/fer.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  install(TARGETS fer_media_plugin LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/fer)
  install(EXPORT ferTargets NAMESPACE fer:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer)
endif()
if(FER_WITH_TORCH)
  # These find LibTorch where it was found at build time.
  set_target_properties(fer-train fer-eval fer-data fer-model PROPERTIES INSTALL_RPATH "${LIBTORCH_ROOT}/lib")
endif()
install(TARGETS ${FER_PROGRAMS} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(program IN LISTS FER_PROGRAMS)
  install(FILES "${FER_COMPLETIONS}/${program}"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions OPTIONAL)
  install(FILES "${FER_COMPLETIONS}/_${program}"
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)
endforeach()
install(DIRECTORY include/fer DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
set(FER_DATA_DIR ${CMAKE_INSTALL_DATADIR}/fer)
install(DIRECTORY models/ DESTINATION ${FER_DATA_DIR}/models OPTIONAL)
# CenterFace's file, where the bootstrap fetched it, with its licence (MIT) beside it.
install(DIRECTORY .deps/detectors/ DESTINATION ${FER_DATA_DIR}/detectors OPTIONAL)
install(DIRECTORY configs/ DESTINATION ${FER_DATA_DIR}/configs)
configure_package_config_file(cmake/ferConfig.cmake.in ferConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer
                              PATH_VARS FER_DATA_DIR)
write_basic_package_version_file(ferConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/ferConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/ferConfigVersion.cmake"
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer)
