# cmake --install and find_package(fer).
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME fer)

# The installed library is the target fer and the rooms it is built on; only programs need the other rooms.
if(TARGET fer)
  set(installed fer fer_predict fer_pipeline fer_output fer_source fer_track fer_detect fer_image fer_paint
                fer_infer fer_model fer_runtime fer_graph fer_core)
  install(TARGETS ${installed} fer_shared EXPORT ferTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
          LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
  # For users without CMake: pkg-config --cflags --libs fer.
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX
             BASE_DIRECTORY "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig" OUTPUT_VARIABLE FER_PREFIX_FROM_PC)
  configure_file(cmake/fer.pc.in fer.pc @ONLY)
  install(FILES "${CMAKE_CURRENT_BINARY_DIR}/fer.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
  install(TARGETS fer_video_plugin fer_media_plugin LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/fer COMPONENT media)
  install(EXPORT ferTargets NAMESPACE fer:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer)
endif()
# Programs that need LibTorch find it where it was found at build time, or in the folder that packages set.
set(FER_INSTALLED_LIBTORCH "" CACHE PATH "LibTorch's folder for installed programs; empty: where it is now")
set(installed_libtorch "${FER_INSTALLED_LIBTORCH}")
if(NOT installed_libtorch)
  set(installed_libtorch "${LIBTORCH_ROOT}")
endif()
foreach(program IN LISTS FER_PROGRAMS)
  set(component fer)
  if(program IN_LIST FER_TORCH_PROGRAMS)
    set(component training)
    set_target_properties(${program} PROPERTIES INSTALL_RPATH "${installed_libtorch}/lib")
  endif()
  install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${component})
  install(FILES "${FER_COMPLETIONS}/${program}" COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions OPTIONAL)
  install(FILES "${FER_COMPLETIONS}/_${program}" COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions OPTIONAL)
  install(FILES "${FER_MAN_PAGES}/${program}.1" COMPONENT ${component}
          DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
endforeach()
install(DIRECTORY include/fer DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
set(FER_DATA_DIR ${CMAKE_INSTALL_DATADIR}/fer)
install(FILES LICENSE cmake/packages/copyright "${FER_SBOM}" DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fer)
if(FER_WITH_TORCH)
  install(FILES "${FER_SBOM}" DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fer-training COMPONENT training)
endif()
install(DIRECTORY models/ DESTINATION ${FER_DATA_DIR}/models OPTIONAL)
# The file of CenterFace with its licence (MIT), if the bootstrap fetched it.
install(DIRECTORY .deps/detectors/ DESTINATION ${FER_DATA_DIR}/detectors OPTIONAL)
install(DIRECTORY configs/ DESTINATION ${FER_DATA_DIR}/configs)
configure_package_config_file(cmake/ferConfig.cmake.in ferConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer
                              PATH_VARS FER_DATA_DIR)
write_basic_package_version_file(ferConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/ferConfig.cmake"
              "${CMAKE_CURRENT_BINARY_DIR}/ferConfigVersion.cmake"
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/fer)
