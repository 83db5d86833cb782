// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/interfaces/IERC20.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/interfaces/IERC721Receiver.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ILicenseSuspension} from "../interfaces/ILicenseSuspension.sol";
import {ILicenseToken} from "../interfaces/ILicenseToken.sol";
import {Grant, Offer} from "../types/Offer.sol";

/// @notice Plain money.
contract Coin is ERC20 {
    constructor() ERC20("Coin", "COIN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice Takes money as the splitter does, and says what it was told.
contract SplitterDouble {
    error Refused();

    event Collected(
        uint256 workId,
        address payer,
        address currency,
        uint256 amount,
        address channel,
        uint32 commission,
        uint256 value,
        address caller
    );
    event Granted(uint256 parent, uint256 child, uint32 share, address caller);
    event Reset(uint256 workId, address caller);

    mapping(uint256 workId => mapping(address currency => uint256)) public totalOf;
    bool public refuses;

    function refuse(bool yes) external {
        refuses = yes;
    }

    function collect(
        uint256 workId,
        address payer,
        address currency,
        uint256 amount,
        address channel,
        uint32 commission
    ) external payable {
        if (refuses) revert Refused();
        if (currency != address(0)) IERC20(currency).transferFrom(payer, address(this), amount);
        totalOf[workId][currency] += amount;
        emit Collected(workId, payer, currency, amount, channel, commission, msg.value, msg.sender);
    }

    function grantDerivative(uint256 parent, uint256 child, uint32 share) external {
        if (refuses) revert Refused();
        emit Granted(parent, child, share, msg.sender);
    }

    function resetSplit(uint256 workId) external {
        emit Reset(workId, msg.sender);
    }
}

/// @notice Issues and ends licenses, and suspends them, as it is told.
contract AgreementsDouble is ILicenseSuspension {
    ILicenseToken private immutable LICENSES;
    mapping(uint256 licenseId => bool) public isSuspended;

    constructor(ILicenseToken licenses) {
        LICENSES = licenses;
    }

    function issue(Grant calldata grant) external returns (uint256 licenseId) {
        return LICENSES.issueUnderAgreement(grant);
    }

    function end(uint256 licenseId) external {
        LICENSES.end(licenseId);
    }

    function suspend(uint256 licenseId, bool yes) external {
        isSuspended[licenseId] = yes;
    }
}

/// @notice Moves a token when it is asked to, and takes any.
contract ExchangeDouble is IERC721Receiver {
    function move(ILicenseToken token, address from, address to, uint256 id) external {
        token.transferFrom(from, to, id);
    }

    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// @notice Buys, and when it receives the license calls back with whatever it was given.
contract ReenteringBuyer is IERC721Receiver {
    ILicenseToken private immutable LICENSES;
    bytes public call;
    uint256 public value;
    bool public succeeded;
    bytes public answer;
    bool public activeInHook;
    /// @notice What the account watched had when the license came.
    uint256 public paidInHook;
    address private watched;
    bool private entered;

    constructor(ILicenseToken licenses) payable {
        LICENSES = licenses;
    }

    function prepare(bytes calldata nextCall, uint256 nextValue) external {
        call = nextCall;
        value = nextValue;
    }

    function watch(address account) external {
        watched = account;
    }

    function buy(Offer calldata offer, bytes calldata signature) external returns (uint256) {
        return LICENSES.acquire{value: offer.price}(offer, signature, address(this), address(0), 0);
    }

    function onERC721Received(address, address, uint256 id, bytes calldata) external returns (bytes4) {
        if (!entered) {
            entered = true;
            activeInHook = LICENSES.isInForce(id);
            paidInHook = watched.balance;
            // solhint-disable-next-line avoid-low-level-calls
            (succeeded, answer) = address(LICENSES).call{value: value}(call);
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}

/// @notice A token whose transfer calls back into the sale.
contract ReenteringCoin is ERC20 {
    address private target;
    bytes private call;
    bool public succeeded;
    bytes public answer;

    constructor() ERC20("Coin", "COIN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function prepare(address nextTarget, bytes calldata nextCall) external {
        target = nextTarget;
        call = nextCall;
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (target != address(0)) {
            address then = target;
            target = address(0);
            // solhint-disable-next-line avoid-low-level-calls
            (succeeded, answer) = then.call(call);
        }
        return super.transferFrom(from, to, amount);
    }
}
