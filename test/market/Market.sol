// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LicenseAgreements} from "../../contracts/agreements/LicenseAgreements.sol";
import {RightsExchange} from "../../contracts/exchange/RightsExchange.sol";
import {IRightsHolder} from "../../contracts/interfaces/IRightsHolder.sol";
import {LicenseToken} from "../../contracts/licensing/LicenseToken.sol";
import {CopyrightRegistry} from "../../contracts/registry/CopyrightRegistry.sol";
import {CopyrightTitle} from "../../contracts/registry/CopyrightTitle.sol";
import {RevenueSplitter} from "../../contracts/revenue/RevenueSplitter.sol";
import {Authority} from "../../contracts/alliance/Authority.sol";
import {HostileToken, PlainToken} from "../../contracts/test/Tokens.sol";
import {Work} from "../../contracts/types/Work.sol";
import {Cheats} from "../cheats/Cheats.sol";

/// @notice The whole market, wired as it is deployed: registry, titles, licenses, splitter, agreements, exchange, and two currencies.
abstract contract Market is Cheats {
    Authority internal authority;
    CopyrightRegistry internal registry;
    CopyrightTitle internal title;
    RevenueSplitter internal splitter;
    LicenseToken internal licenses;
    LicenseAgreements internal agreements;
    RightsExchange internal exchange;
    PlainToken internal plain;
    HostileToken internal hostile;

    function build() internal {
        authority = new Authority(address(this));
        registry = new CopyrightRegistry();
        title = new CopyrightTitle(registry, address(authority));
        splitter = new RevenueSplitter(address(authority), IRightsHolder(address(title)));
        licenses = new LicenseToken(title, splitter);
        agreements = new LicenseAgreements(title, licenses, splitter);
        exchange = new RightsExchange(title, licenses, splitter);
        licenses.connect(address(agreements), address(exchange));
        address[] memory modules = new address[](3);
        (modules[0], modules[1], modules[2]) = (address(licenses), address(agreements), address(exchange));
        splitter.setModules(modules);
        title.connect(splitter);
        plain = new PlainToken();
        hostile = new HostileToken();
        splitter.setCurrency(address(plain), true);
        splitter.setCurrency(address(hostile), true);
    }

    function depositWork(address claimant, uint256 number) internal returns (uint256 workId) {
        vm.prank(claimant);
        workId = uint256(registry.deposit(Work(keccak256(abi.encode("work", number)), 0, 0, 0, 0)));
    }

    function domainOf(string memory name, address verifier) internal view returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                    keccak256(bytes(name)),
                    keccak256("1"),
                    block.chainid,
                    verifier
                )
            );
    }

    function signedBy(uint256 key, bytes32 domain, bytes32 structHash) internal returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }
}
